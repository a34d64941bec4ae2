using Akka.Configuration;

namespace BitArk.Cluster;

/// <summary>Merges <c>reference.conf</c>, files and single values into <see cref="BitArkSettings"/>, or says what is wrong with them.</summary>
public static class SettingsLoader
{
    private const string ConfigOption = "--config";
    private const string SetOption = "--set";
    private const string ReferenceName = "reference.conf";

    /// <summary>The defaults: no file, no argument.</summary>
    public static BitArkSettings Defaults() => FromArguments([]);

    /// <summary>
    /// Reads <c>[--config FILE]… [--set KEY=VALUE]…</c>; a later one wins over an earlier one. A value is taken as it is, whatever HOCON would make of it,
    /// but for one that begins as a list, an object, a quoted string or a substitution.
    /// </summary>
    /// <exception cref="SettingsException">An argument, a file, a key or a value cannot be used.</exception>
    public static BitArkSettings FromArguments(IReadOnlyList<string> arguments)
    {
        var sources = new List<(Config Config, string Source)>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (option, value) = SplitOption(arguments, ref i);
            sources.Add(option == ConfigOption ? ReadFile(value) : ReadValue(value));
        }

        return Merge(sources);
    }

    /// <summary>Reads HOCON text over the defaults: for programs and tests that hold their configuration themselves.</summary>
    /// <exception cref="SettingsException">A key or a value cannot be used.</exception>
    public static BitArkSettings FromHocon(string hocon) => Merge([(HoconText.Parse(hocon, "configuration"), "configuration")]);

    private static BitArkSettings Merge(IReadOnlyList<(Config Config, string Source)> sources)
    {
        var reference = Reference();
        var known = new KnownKeys(reference);
        var unknown = sources.SelectMany(source => known.ProblemsOf(source.Config, source.Source)).ToList();
        if (unknown.Count > 0)
            throw new SettingsException(unknown);

        return BitArkSettings.From(sources.Aggregate(reference, (merged, next) => next.Config.WithFallback(merged)));
    }

    private static Config Reference()
    {
        using var stream = typeof(SettingsLoader).Assembly.GetManifestResourceStream(ReferenceName)!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }

    private static (string Option, string Value) SplitOption(IReadOnlyList<string> arguments, ref int index)
    {
        var argument = arguments[index];
        foreach (var option in (ReadOnlySpan<string>)[ConfigOption, SetOption])
        {
            if (argument == option && index + 1 < arguments.Count)
                return (option, arguments[++index]);

            if (argument == option)
                throw new SettingsException($"{option} needs a value: --config FILE or --set KEY=VALUE");

            if (argument.StartsWith(option + "=", StringComparison.Ordinal))
                return (option, argument[(option.Length + 1)..]);
        }

        throw new SettingsException($"{argument} is not an option: [--config FILE]… [--set KEY=VALUE]… is allowed");
    }

    private static (Config, string) ReadFile(string path)
    {
        try
        {
            return (HoconText.Parse(File.ReadAllText(path), path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingsException($"{ConfigOption} {path}: cannot be read: {e.Message}");
        }
    }

    private static (Config, string) ReadValue(string assignment)
    {
        var equals = assignment.IndexOf('=', StringComparison.Ordinal);
        var source = $"{SetOption} {assignment}";
        if (equals <= 0 || assignment[..equals].Trim().Length == 0)
            throw new SettingsException($"{source}: KEY=VALUE is allowed, such as bitark.http.port=8080");

        return (HoconText.Parse($"{assignment[..equals].Trim()} = {HoconText.Literal(assignment[(equals + 1)..])}", source), source);
    }
}

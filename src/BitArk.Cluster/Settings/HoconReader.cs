using System.Globalization;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace BitArk.Cluster;

/// <summary>
/// Reads typed values below <c>bitark</c> and collects every problem instead of stopping at the first; <see cref="ThrowIfInvalid"/>
/// ends the reading. A value that was refused reads as the smallest allowed, so that reading can go on.
/// </summary>
internal sealed class HoconReader(Config merged)
{
    private const string Root = "bitark.";
    private readonly List<string> _problems = [];

    /// <summary>Throws when any value was refused.</summary>
    public void ThrowIfInvalid()
    {
        if (_problems.Count > 0)
            throw new SettingsException(_problems);
    }

    /// <summary>Records that <paramref name="key"/> cannot be used.</summary>
    public void Refuse(string key, string value, string allowed) =>
        _problems.Add($"{Root}{key} = {value} is not usable: {allowed}");

    public string Text(string key, Func<string, bool> isValid, string allowed)
    {
        var text = Raw(key);
        if (isValid(text))
            return text;

        Refuse(key, Quoted(text), allowed);
        return "";
    }

    public int Number(string key, int min, int max)
    {
        var text = Raw(key);
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;

        Refuse(key, Quoted(text), $"a whole number from {min} to {max} is allowed");
        return min;
    }

    public long Bytes(string key, long min, long max)
    {
        var text = Raw(key);
        if (ByteSize.TryParse(text, out var bytes) && bytes >= min && bytes <= max)
            return bytes;

        Refuse(key, Quoted(text), $"a size from {ByteSize.Format(min)} to {ByteSize.Format(max)} is allowed, such as 64 MiB");
        return min;
    }

    public TimeSpan Time(string key, TimeSpan min, TimeSpan max)
    {
        var text = Raw(key);
        if (Duration.TryParse(text, out var time) && time >= min && time <= max)
            return time;

        Refuse(key, Quoted(text), $"a duration from {Duration.Format(min)} to {Duration.Format(max)} is allowed, such as 500 ms");
        return min;
    }

    public bool Switch(string key) => OneOf(key, ("on", true), ("off", false), ("true", true), ("false", false), ("yes", true), ("no", false));

    public T OneOf<T>(string key, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        var text = Raw(key);
        var words = new List<string>();
        foreach (var (word, value) in choices)
        {
            if (word == text)
                return value;

            words.Add(word);
        }

        Refuse(key, Quoted(text), $"one of {string.Join(", ", words)} is allowed");
        return choices[0].Value;
    }

    public IReadOnlyList<string> List(string key)
    {
        var value = merged.GetValue(Root + key);
        // What follows on the same line, up to the bracket of the section, belongs to the value.
        if (value?.Values.Where(part => part is not HoconLiteral { Value: var text } || !string.IsNullOrWhiteSpace(text)).ToList() is [HoconArray array])
            return [.. array.GetArray().Select(TextOf)];

        Refuse(key, Quoted(value is null ? "" : TextOf(value)), "a list is allowed, such as [\"127.0.0.1:4053\"]");
        return [];
    }

    public IReadOnlyDictionary<string, string> Map(string key)
    {
        var value = merged.GetValue(Root + key);
        if (value is not null && value.IsObject())
            return value.GetObject().Items.ToDictionary(item => item.Key, item => TextOf(item.Value), StringComparer.Ordinal);

        Refuse(key, Quoted(value is null ? "" : TextOf(value)), "a map is allowed, such as { default = 0 }");
        return new Dictionary<string, string>();
    }

    private string Raw(string key)
    {
        var value = merged.GetValue(Root + key);
        return value is null ? "" : TextOf(value);
    }

    private static string TextOf(HoconValue value) =>
        value.IsString() ? value.GetString() ?? "null" : value.IsEmpty ? "" : value.IsObject() ? "{…}" : "[…]";

    private static string Quoted(string text) => text.Length == 0 ? "(nothing)" : text;
}

using System.Globalization;

namespace BitArk.Chaos.Reporting;

/// <summary>The options behind a verb: <c>--name value</c>, or <c>--name</c> alone for a switch. One that nobody asked for is an error, not a silence.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string?> _given = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Parses everything behind the verb.</summary>
    public Options(IReadOnlyList<string> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
                throw new UsageException($"unexpected argument '{arguments[i]}'");
            bool hasValue = i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal);
            _given[arguments[i]] = hasValue ? arguments[++i] : null;
        }
    }

    /// <summary>Whether a switch was given.</summary>
    public bool Has(string name)
    {
        _asked.Add(name);
        return _given.ContainsKey(name);
    }

    /// <summary>The value of an option, or null.</summary>
    public string? Text(string name)
    {
        _asked.Add(name);
        return _given.GetValueOrDefault(name);
    }

    /// <summary>The value of an option that must be there.</summary>
    public string Required(string name) => Text(name) ?? throw new UsageException($"{name} is missing");

    /// <summary>A whole number, at least <paramref name="atLeast"/>.</summary>
    public int Number(string name, int otherwise, int atLeast = 0)
    {
        if (Text(name) is not { } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) && value >= atLeast)
            return value;
        throw new UsageException($"{name} must be a whole number >= {atLeast}, not '{text}'");
    }

    /// <summary>Refuses options that no verb read.</summary>
    public void RefuseUnknown()
    {
        foreach (string name in _given.Keys)
        {
            if (!_asked.Contains(name))
                throw new UsageException($"unknown option {name}; known here: {string.Join(' ', _asked.Order(StringComparer.Ordinal))}");
        }
    }
}

/// <summary>The command line is wrong; the message says how.</summary>
internal sealed class UsageException(string message) : Exception(message);

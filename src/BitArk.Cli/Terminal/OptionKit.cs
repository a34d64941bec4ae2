using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace BitArk.Cli.Terminal;

/// <summary>Options of the kinds that several commands have, each checked when parsed.</summary>
internal static class OptionKit
{
    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Int(string name, string description, int preset, int min, int max)
    {
        var option = new Option<int>(name) { Description = $"{description} ({min} to {max})", HelpName = "n", DefaultValueFactory = _ => preset };
        option.Validators.Add(result => CheckBounds(result, name, min, max));
        return option;
    }

    /// <summary>A whole number within bounds, or none.</summary>
    public static Option<int?> OptionalInt(string name, string description, int min, int max)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "n" };
        option.Validators.Add(result => CheckBounds(result, name, min, max));
        return option;
    }

    /// <summary>A duration such as <c>500ms</c>, <c>10s</c>, <c>2m</c>.</summary>
    public static Option<Duration> Duration(string name, string description, TimeSpan preset) => new(name)
    {
        Description = description,
        HelpName = "500ms|10s|2m",
        CustomParser = result =>
        {
            if (Terminal.Duration.TryParse(result.Tokens[0].Value, out var value))
            {
                return value;
            }

            result.AddError($"{name}: '{result.Tokens[0].Value}' is no duration above zero such as 500ms, 10s or 2m");
            return default;
        },
        DefaultValueFactory = _ => new Duration(preset),
    };

    /// <summary>What is no number at all, the parser of the library reports.</summary>
    private static void CheckBounds(OptionResult result, string name, int min, int max)
    {
        if (result.Tokens.Count == 1
            && int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && (value < min || value > max))
        {
            result.AddError($"{name}: {value} is out of bounds, allowed are {min} to {max}");
        }
    }
}

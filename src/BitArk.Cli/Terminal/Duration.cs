using System.Globalization;

namespace BitArk.Cli.Terminal;

/// <summary>A time span above zero as it is written on a command line: <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>.</summary>
/// <param name="Value">The span.</param>
internal readonly record struct Duration(TimeSpan Value)
{
    /// <summary>Reads a number with its unit.</summary>
    public static bool TryParse(string text, out Duration duration)
    {
        duration = default;
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        if (!int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
        {
            return false;
        }

        TimeSpan? parsed = text[digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => null,
        };
        duration = new Duration(parsed ?? default);
        return parsed is not null;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Value.Milliseconds != 0 ? string.Create(CultureInfo.InvariantCulture, $"{Value.TotalMilliseconds:0}ms")
        : Value.Seconds != 0 ? string.Create(CultureInfo.InvariantCulture, $"{Value.TotalSeconds:0}s")
        : string.Create(CultureInfo.InvariantCulture, $"{Value.TotalMinutes:0}m");
}

using System.Globalization;

namespace BitArk.Cluster;

/// <summary>Reads and prints durations as operators write them: <c>500 ms</c>, <c>10m</c>. A unit is required: a bare number would be a guess.</summary>
internal static class Duration
{
    /// <summary>Reads a non-negative duration; false when it is malformed or beyond a <see cref="TimeSpan"/>.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var (number, unit) = Quantity.Split(text);
        var ticks = TicksOf(unit);
        if (ticks == 0
            || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || value > TimeSpan.MaxValue.Ticks / ticks)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)(value * ticks));
        return true;
    }

    /// <summary>The duration in the largest unit that divides it.</summary>
    public static string Format(TimeSpan duration)
    {
        foreach (var unit in (ReadOnlySpan<string>)["d", "h", "m", "s", "ms"])
        {
            if (duration != TimeSpan.Zero && duration.Ticks % TicksOf(unit) == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TicksOf(unit)} {unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerMicrosecond} us");
    }

    private static long TicksOf(string unit) => unit switch
    {
        "us" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
        "m" or "min" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
        "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
        "d" or "day" or "days" => TimeSpan.TicksPerDay,
        _ => 0,
    };
}

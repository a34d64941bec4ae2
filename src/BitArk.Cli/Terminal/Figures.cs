using System.Globalization;

namespace BitArk.Cli.Terminal;

/// <summary>Numbers the way all commands print them: invariant, grouped, with their unit.</summary>
internal static class Figures
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>A count: <c>1,898,689</c>.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A rate per second without a fraction; <c>-</c> when no time has passed.</summary>
    public static string Rate(double count, TimeSpan elapsed) =>
        elapsed <= TimeSpan.Zero ? "-" : (count / elapsed.TotalSeconds).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A latency in the unit a reader expects: <c>87.4 us</c>, <c>1.25 ms</c>, <c>2.10 s</c>.</summary>
    public static string Latency(long nanoseconds) => nanoseconds switch
    {
        < 1_000_000 => (nanoseconds / 1e3).ToString("F1", CultureInfo.InvariantCulture) + " us",
        < 1_000_000_000 => (nanoseconds / 1e6).ToString("F2", CultureInfo.InvariantCulture) + " ms",
        _ => (nanoseconds / 1e9).ToString("F2", CultureInfo.InvariantCulture) + " s",
    };

    /// <summary>Bytes with a binary unit: <c>12.4 MiB</c>.</summary>
    public static string Bytes(long bytes)
    {
        double value = bytes;
        var unit = 0;
        while (Math.Abs(value) >= 1024 && unit < ByteUnits.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString(unit == 0 ? "F0" : "F1", CultureInfo.InvariantCulture) + " " + ByteUnits[unit];
    }

    /// <summary>Seconds with one decimal.</summary>
    public static string Seconds(TimeSpan value) => value.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture) + " s";

    /// <summary>A ratio with two decimals.</summary>
    public static string Ratio(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}

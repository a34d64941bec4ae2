using System.Globalization;

namespace BitArk.Cluster;

/// <summary>Reads and prints sizes as operators write them: <c>64 MiB</c>, <c>1GB</c>, <c>512</c>.</summary>
internal static class ByteSize
{
    private const int BinaryStep = 1024;
    private const int DecimalStep = 1000;
    private static readonly string[] BinaryUnits = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Reads a non-negative size; false when it is malformed or beyond a <c>long</c>.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var (number, unit) = Quantity.Split(text);
        if (!TryUnit(unit, out var factor)
            || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || value > long.MaxValue / factor)
        {
            return false;
        }

        var exact = value * factor;
        bytes = (long)exact;
        return exact == bytes;
    }

    /// <summary>The size with the largest unit that divides it.</summary>
    public static string Format(long bytes)
    {
        var unit = 0;
        while (bytes != 0 && bytes % BinaryStep == 0 && unit < BinaryUnits.Length - 1)
        {
            bytes /= BinaryStep;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes} {BinaryUnits[unit]}");
    }

    private static bool TryUnit(string unit, out decimal factor)
    {
        factor = unit.ToLowerInvariant() switch
        {
            "" or "b" => 1,
            "k" or "ki" or "kib" => BinaryStep,
            "m" or "mi" or "mib" => Power(BinaryStep, 2),
            "g" or "gi" or "gib" => Power(BinaryStep, 3),
            "t" or "ti" or "tib" => Power(BinaryStep, 4),
            "kb" => DecimalStep,
            "mb" => Power(DecimalStep, 2),
            "gb" => Power(DecimalStep, 3),
            "tb" => Power(DecimalStep, 4),
            _ => 0,
        };
        return factor != 0;
    }

    private static decimal Power(decimal step, int exponent) => exponent == 0 ? 1 : step * Power(step, exponent - 1);
}

namespace BitArk.Cluster;

/// <summary>A number followed by a unit, as sizes and durations are written.</summary>
internal static class Quantity
{
    /// <summary>Separates the number from the unit; the unit is empty for a bare number.</summary>
    public static (string Number, string Unit) Split(string text)
    {
        var trimmed = text.Trim();
        var end = 0;
        while (end < trimmed.Length && (char.IsAsciiDigit(trimmed[end]) || trimmed[end] == '.'))
        {
            end++;
        }

        return (trimmed[..end], trimmed[end..].Trim());
    }
}

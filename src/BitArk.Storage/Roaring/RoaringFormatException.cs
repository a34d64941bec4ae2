namespace BitArk.Storage.Roaring;

/// <summary>Bytes that are not the portable Roaring format, or hold ids out of range.</summary>
public sealed class RoaringFormatException(long offset, string reason)
    : FormatException($"Not a portable Roaring bitmap: {reason}, at byte {offset}.")
{
    /// <summary>Where in the input.</summary>
    public long Offset { get; } = offset;

    /// <summary>What is wrong there.</summary>
    public string Reason { get; } = reason;
}

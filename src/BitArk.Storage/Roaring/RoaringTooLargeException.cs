namespace BitArk.Storage.Roaring;

/// <summary>A set whose portable form would exceed the bytes allowed for it: the format has no way to say "all ids up to 2^62" but container by container.</summary>
public sealed class RoaringTooLargeException(int maxBytes)
    : InvalidOperationException($"The portable Roaring form of this set needs more than the {maxBytes} bytes allowed; export a smaller range or allow more.")
{
    /// <summary>The bytes that were allowed.</summary>
    public int MaxBytes { get; } = maxBytes;
}

namespace BitArk;

/// <summary>The bounds that user, channel and message ids share.</summary>
public static class Ids
{
    /// <summary>The smallest id.</summary>
    public const long Min = 0;

    /// <summary>The largest id, 2^63-2: one less than <see cref="long.MaxValue"/>, so that "one past the end" always fits a <c>long</c>.</summary>
    public const long Max = long.MaxValue - 1;

    /// <summary>Whether <paramref name="id"/> lies within the bounds.</summary>
    public static bool IsValid(long id) => id is >= Min and <= Max;
}

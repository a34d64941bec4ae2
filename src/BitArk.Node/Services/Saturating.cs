namespace BitArk.Node.Services;

/// <summary>Sums of counts: two ranges near the top of the ids already exceed a long.</summary>
internal static class Saturating
{
    /// <summary>The sum of two counts, or the largest number there is; never negative.</summary>
    public static long Add(long a, long b) => b > long.MaxValue - a ? long.MaxValue : a + b;
}

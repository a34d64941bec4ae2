namespace BitArk.Replication;

/// <summary>
/// How long to wait before saying something again: doubling from <c>first</c> up to <c>longest</c>, of which a random half
/// is taken, so that replicas which failed together do not return together.
/// </summary>
public sealed class Backoff
{
    private const int MaxDoublings = 30;

    private readonly TimeSpan _first;
    private readonly TimeSpan _longest;
    private readonly Random _random;

    /// <summary>Checks the bounds.</summary>
    /// <param name="first">The full wait after the first failure, above zero.</param>
    /// <param name="longest">The full wait is never longer, at least <paramref name="first"/>.</param>
    /// <param name="random">Where the jitter comes from; used by one thread.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is out of range.</exception>
    public Backoff(TimeSpan first, TimeSpan longest, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, first);
        _first = first;
        _longest = longest;
        _random = random;
    }

    /// <summary>The wait after failure number <paramref name="failures"/>, counted from 1: between half of the doubled bound and all of it.</summary>
    public TimeSpan After(int failures)
    {
        var doublings = Math.Clamp(failures - 1, 0, MaxDoublings);
        var full = Math.Min(_longest.Ticks, _first.Ticks * Math.Pow(2, doublings));
        return TimeSpan.FromTicks((long)(full * (0.5 + (_random.NextDouble() / 2))));
    }
}

namespace BitArk.Cli.Nodes;

/// <summary>
/// How long to wait before trying again: doubling from <paramref name="first"/> up to <paramref name="longest"/>, of which
/// a random half is taken, so that many callers who failed together do not return together.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    private const int MaxDoublings = 30;

    /// <summary>The wait before attempt <paramref name="attempt"/> + 1; <paramref name="attempt"/> counts failures, from 1.</summary>
    public TimeSpan After(int attempt)
    {
        var doublings = Math.Clamp(attempt - 1, 0, MaxDoublings);
        var full = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, doublings));
        double jitter;
        lock (random)
        {
            jitter = random.NextDouble();
        }

        return TimeSpan.FromMilliseconds(full * (0.5 + (jitter / 2)));
    }
}

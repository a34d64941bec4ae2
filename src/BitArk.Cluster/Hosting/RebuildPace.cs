using BitArk.Replication;

namespace BitArk.Cluster;

/// <summary>How long a node waits before it builds its next ActorSystem: longer each time, unless the last one lasted. One thread.</summary>
internal sealed class RebuildPace(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lasting = TimeSpan.FromMinutes(1);

    private readonly Backoff _backoff = new(First, Longest, random);
    private int _inVain;

    /// <summary>The pause from now on.</summary>
    /// <param name="lived">How long the last one ran; zero: it could not be started.</param>
    public TimeSpan Next(TimeSpan lived)
    {
        _inVain = lived >= Lasting ? 1 : _inVain + 1;
        return _backoff.After(_inVain);
    }
}

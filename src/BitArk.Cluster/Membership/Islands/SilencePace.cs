namespace BitArk.Cluster.Membership;

/// <summary>
/// How long a node that is in the lesser half and hears no other seed believes that all of them are gone. Then it takes its own ActorSystem for deaf:
/// Akka may go on sending to the one that was there before, at the same address, and a new one is all that cures it. The others may really be gone, so
/// each time in vain it believes it twice as long, up to <see cref="Most"/> times. Outlives ActorSystems; used by one at a time.
/// </summary>
/// <param name="first">The first time.</param>
internal sealed class SilencePace(TimeSpan first)
{
    /// <summary>The longest patience, in first ones.</summary>
    public const int Most = 16;

    private int _inVain = 1;

    /// <summary>How long from now on.</summary>
    public TimeSpan Patience => first * _inVain;

    /// <summary>The node is in the half that counts: its ears are well.</summary>
    public void NotAlone() => _inVain = 1;

    /// <summary>It begins anew.</summary>
    public void GaveUp() => _inVain = Math.Min(Most, _inVain * 2);
}

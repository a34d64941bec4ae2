using BitArk.Replication.Messages;

namespace BitArk.Replication.Follower;

/// <summary>A follower's dealings with its leader.</summary>
public sealed class PullSession
{
    /// <summary>Idle, and sound.</summary>
    /// <param name="settings">How soon to ask again.</param>
    /// <param name="random">For jitter, and to tell this run's questions from those of an earlier one.</param>
    public PullSession(ReplicationSettings settings, Random random) => _ = (settings, random);

    /// <summary>Where it stands.</summary>
    public PullState State { get; private set; }

    /// <summary>The epoch it follows; <see cref="Epoch.None"/> while idle.</summary>
    public Epoch Epoch { get; private set; }

    /// <summary>Only a full sync helps.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Follow the leader of an epoch: call when it is durably promised and the log fenced. What was granted before counts no more.</summary>
    public void Begin(Epoch epoch, TimeSpan now) => throw new NotImplementedException();

    /// <summary>No leader to follow, for now.</summary>
    public void Stop() => throw new NotImplementedException();

    /// <summary>The nonce to ask with now; null: nothing is due. Each one makes the ones before it worthless.</summary>
    public long? NextPull(TimeSpan now) => throw new NotImplementedException();

    /// <summary>A leader's answer.</summary>
    /// <param name="answer">One of those of <c>Pulling.cs</c> that leaders send; anything else is ignored.</param>
    /// <param name="writtenLsn">The end of the log here.</param>
    /// <param name="now">Now.</param>
    public PullOutcome OnAnswer(ReplicationMessage answer, Lsn writtenLsn, TimeSpan now) => throw new NotImplementedException();

    /// <summary>The log is cut, durably: ask again.</summary>
    public void CutDone(TimeSpan now) => throw new NotImplementedException();

    /// <summary>The snapshot is installed, durably: sound again, ask where to go on.</summary>
    public void FullSyncDone(TimeSpan now) => throw new NotImplementedException();

    /// <summary>The snapshot could not be had: ask again after a while.</summary>
    public void FullSyncFailed(TimeSpan now) => throw new NotImplementedException();

    /// <summary>Durable bytes are bad, or cannot be cut as far as needed: from now on only a full sync is asked for.</summary>
    public void RequireFullSync(TimeSpan now) => throw new NotImplementedException();

    /// <summary>What to ack as MatchedLsn: what is durable, once it is known equal to this epoch's leader; null before.</summary>
    public Lsn? MatchedLsn(Lsn writtenLsn) => State == PullState.Streaming ? writtenLsn : null;
}

using BitArk.Replication.Messages;

namespace BitArk.Replication.Follower;

/// <summary>
/// When a learner, which may lack what it once acked, counts again: when it has matched everything that its leader had when it
/// granted the stream, and knows of a commit in that same epoch <em>behind</em> that place. One thread.
/// <para>
/// Why that is enough, under <see cref="CommitRule.Quorum"/>. A leader ships only what is durable in its own log, so nobody had
/// anything behind the target before the grant: the commit there rests on acks that were sent after it, by a majority without
/// this replica, whose own acks do not count. So after the grant a majority of voters had promised nothing above this epoch.
/// Whoever led a higher epoch with this replica's help before its loss would have had the promise of one of them. Hence all
/// that was ever committed with its help lies in this leader's log, below the target.
/// </para>
/// <para>
/// The target alone proves nothing: a leader that was replaced long ago grants its stream, and repeats its old commit, as long
/// as nobody tells it. Neither does a commit at the target, which old acks on a slow way may make, nor one heard in another
/// epoch. What passes the target cannot have been said before the grant, in whatever order messages come.
/// </para>
/// <para>
/// Under <see cref="CommitRule.Leader"/> a commit is the leader's own word, and says nothing of a majority: what is acknowledged
/// by that rule does not outlive a failover anyway.
/// </para>
/// </summary>
public sealed class RejoinRules
{
    private Epoch _epoch;
    private Lsn? _target;
    private bool _isProven;

    /// <summary>The stream was granted: from here on this is the leader to learn from.</summary>
    public void Granted(StreamFrom grant) => (_epoch, _target, _isProven) = (grant.Epoch, grant.WrittenLsn, false);

    /// <summary>Another term, or another log: what was granted is of no use.</summary>
    public void Reset() => (_target, _isProven) = (null, false);

    /// <summary>A leader said what is committed.</summary>
    /// <param name="epoch">The epoch of the message, a heartbeat or a batch.</param>
    /// <param name="commitLsn">Its commit.</param>
    public void Heard(Epoch epoch, Lsn commitLsn) => _isProven |= epoch == _epoch && commitLsn > _target;

    /// <summary>Whether it may count and vote again; make that durable before it does.</summary>
    /// <param name="epoch">The epoch followed.</param>
    /// <param name="matchedLsn">Durable here and known equal to that epoch's leader; null: not known.</param>
    public bool HasCaughtUp(Epoch epoch, Lsn? matchedLsn) => _isProven && epoch == _epoch && matchedLsn >= _target;
}

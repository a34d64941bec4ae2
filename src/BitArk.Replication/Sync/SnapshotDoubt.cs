namespace BitArk.Replication.Sync;

/// <summary>
/// Whether a leader reads the snapshot that it offers to a follower again. It was sound when it was written; a follower that has
/// fetched all of it and still asks has found it bad, because it rotted here, on the way or there. Without another look a bad
/// one would be offered for ever. A transfer that broke is no reason, so that a look costs a whole transfer at least. One for
/// each follower of a leadership; one thread.
/// </summary>
public sealed class SnapshotDoubt
{
    private Lsn? _fetched;

    /// <summary>What the follower says of its transfer.</summary>
    /// <param name="offered">The snapshot it was offered last; null: none.</param>
    /// <param name="progress">0 … 1; negative while it fetches nothing.</param>
    public void Heard(Lsn? offered, double progress)
    {
        if (offered is not null && progress >= 1)
            _fetched = offered;
    }

    /// <summary>The follower asks: whether the snapshot is to be verified before it is offered to it once more.</summary>
    public bool IsIn(Lsn snapshot) => _fetched == snapshot;

    /// <summary>It was verified, or the follower streams: nothing is held against any.</summary>
    public void Settle() => _fetched = null;
}

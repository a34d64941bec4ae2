namespace BitArk.Storage.Replica;

/// <summary>
/// How far back the log must reach: to the <i>older</i> of the two kept snapshots, so that a bad newest one costs a longer
/// replay and nothing else. With fewer than two verified snapshots the whole log is the fallback and nothing may go.
/// </summary>
public static class RetentionFloor
{
    /// <summary>How many snapshots are kept.</summary>
    public const int KeptSnapshots = 2;

    /// <summary>The position before which the log is not needed by this replica itself.</summary>
    /// <param name="verifiedNewestFirst">Positions of the snapshots that were read back and found sound, newest first.</param>
    /// <param name="commitLsn">Never passed: what is not committed may have to be cut or shipped.</param>
    public static Lsn Of(IReadOnlyList<Lsn> verifiedNewestFirst, Lsn commitLsn) =>
        verifiedNewestFirst.Count < KeptSnapshots
            ? Lsn.Zero
            : Lsn.Min(verifiedNewestFirst[KeptSnapshots - 1], commitLsn);
}

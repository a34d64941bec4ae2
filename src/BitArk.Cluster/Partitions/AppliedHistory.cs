using BitArk.Storage.Wal;

namespace BitArk.Cluster.Partitions;

/// <summary>Which epochs the applied part of the log is made of. Immutable: a new one for each epoch.</summary>
/// <param name="Last">The epoch of its last record: the label of positions read now.</param>
/// <param name="Epochs">Where each epoch begins, oldest first.</param>
internal sealed record AppliedHistory(Epoch Last, IReadOnlyList<EpochEntry> Epochs)
{
    /// <summary>Before the first record.</summary>
    public static readonly AppliedHistory None = new(Epoch.None, []);

    /// <summary>
    /// Whether a position was cut off: a later epoch begins before it, so its own epoch's records there are no longer part of
    /// the history; or nothing of its epoch ever was, though it lies between two that are. An epoch too old to be remembered cannot be told, and nothing of it is left to be cut.
    /// </summary>
    public bool HasCut(ReadPosition seen)
    {
        var before = Epoch.None;
        foreach (var entry in Epochs)
        {
            if (entry.Epoch > seen.Epoch)
                return entry.First < seen.Lsn || (before > Epoch.None && before < seen.Epoch);
            before = entry.Epoch;
        }

        return false;
    }
}

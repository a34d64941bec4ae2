using BitArk.Storage.Memory;
using BitArk.Storage.Snapshots;

namespace BitArk.Storage.Replica;

public sealed partial class PartitionState
{
    /// <summary>
    /// Begins a snapshot of the state as it is now, between two records. The writer then calls
    /// <see cref="SnapshotCapture.CopySome"/> between batches until it says true, while <see cref="SnapshotStore.Write"/>
    /// drains it on another thread. One at a time. Writer only.
    /// </summary>
    public PartitionSnapshot BeginSnapshot(long bufferBytes = SnapshotCapture.DefaultBufferBytes) =>
        BeginSnapshot(bufferBytes, (capture, sessions) => new PartitionSnapshot(capture, Describe(), Epochs.ToBytes(), sessions));

    internal PartitionSnapshot BeginSnapshot(long bufferBytes, Func<SnapshotCapture, byte[], PartitionSnapshot> describe)
    {
        byte[] sessions = [];
        var capture = Tables.BeginCapture(bufferBytes, begun => sessions = Sessions.BeginCapture(begun));
        try
        {
            return describe(capture, sessions);
        }
        catch
        {
            // Nobody will drain what nobody was given.
            capture.GiveUp();
            throw;
        }
    }

    private SnapshotHeader Describe() => new()
    {
        ClusterId = _options.ClusterId,
        Partition = _options.Partition,
        Lsn = LastAppliedLsn,
        LastEpoch = Epochs.Last,
        ReadSets = Tables.ReadSetCount,
        Sessions = Sessions.Count,
        SessionWindow = _options.SessionWindow,
        SessionMaxBytes = _options.SessionMaxBytes,
        SegmentBytes = _options.Geometry.SegmentBytes,
    };
}

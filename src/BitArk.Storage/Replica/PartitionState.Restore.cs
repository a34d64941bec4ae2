using BitArk.Storage.Disk;
using BitArk.Storage.ReadTables;
using BitArk.Storage.Sessions;
using BitArk.Storage.Snapshots;

namespace BitArk.Storage.Replica;

public sealed partial class PartitionState
{
    /// <summary>Loads a snapshot in one pass that checks every byte; <paramref name="progress"/> gets (bytes done, bytes in all).</summary>
    /// <exception cref="SnapshotInvalidException">The file is not a sound snapshot of this replica; nothing of it is used.</exception>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public static PartitionState Load(IDisk disk, string path, PartitionStateOptions options, out SnapshotInfo info, Action<long, long>? progress = null)
    {
        using var restore = new Restoring(options);
        try
        {
            info = SnapshotScan.Run(disk, path, restore, progress);
            return restore.Complete();
        }
        catch (InvalidDataException e)
        {
            // Sound bytes with a content that contradicts itself: written by a faulty or another build.
            throw new SnapshotInvalidException(path, 0, e.Message);
        }
    }

    private sealed class Restoring(PartitionStateOptions options) : ISnapshotConsumer, IDisposable
    {
        private SessionTable? _sessions;
        private SessionTableRestore? _sessionItems;
        private ReadTableRestore? _tableItems;
        private EpochTable? _epochs;
        private Lsn _lsn;

        public void Begin(in SnapshotHeader header, in SnapshotPreamble preamble)
        {
            if (options.FindContradiction(header) is { } reason)
                throw new InvalidDataException(reason);
            if (!EpochTable.TryRead(preamble.EpochTable, out _epochs) || _epochs.Last != header.LastEpoch)
                throw new InvalidDataException("the epoch table contradicts itself");
            _lsn = header.Lsn;
            _sessions = new SessionTable(options.SessionWindow, options.SessionMaxBytes);
            _sessionItems = _sessions.BeginRestore(preamble.SessionGeometry);
            _tableItems = ReadTableSet.Restore(preamble.TableGeometry);
        }

        public void Block(ReadOnlySpan<byte> payload)
        {
            while (payload.Length > 0)
            {
                if (!Memory.CaptureBlock.TryReadItem(ref payload, out var region, out var offset, out var bytes))
                    throw new InvalidDataException("a block holds something that is not an item");
                if (region < _tableItems!.RegionCount)
                    _tableItems.Write(region, offset, bytes);
                else if (!_sessionItems!.TryFill(region, offset, bytes))
                    throw new InvalidDataException($"an item belongs to region {region}, which is nobody's");
            }
        }

        public PartitionState Complete()
        {
            _sessionItems!.Complete();
            var state = new PartitionState(options, _tableItems!.Complete(), _sessions!, _epochs!, _lsn);
            _sessions = null;
            return state;
        }

        public void Dispose()
        {
            _tableItems?.Dispose();
            _sessions?.Dispose();
        }
    }
}

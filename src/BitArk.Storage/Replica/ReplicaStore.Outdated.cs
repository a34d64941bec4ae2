using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

// The followers that a leader no longer keeps its log for.
public sealed partial class ReplicaStore
{
    /// <summary>Who is recorded as lagging too far; nobody when the record is missing or unreadable, which loses nothing.</summary>
    /// <exception cref="DiskException">The disk failed.</exception>
    public IReadOnlyList<NodeId> Outdated
    {
        get
        {
            if (!_disk.FileExists(_directory.OutdatedPath))
                return [];
            using var file = _disk.Open(_directory.OutdatedPath, DiskOpenMode.Read);
            var bytes = new byte[file.Length];
            return OutdatedRecord.TryRead(bytes.AsSpan(0, file.Read(0, bytes)), _cluster, _directory.Partition) ?? [];
        }
    }

    /// <summary>Makes it durable. Before anything is deleted that one of them may have needed.</summary>
    /// <exception cref="DiskException">It is not durable: keep the log.</exception>
    public void RecordOutdated(IReadOnlyList<NodeId> nodes) =>
        AtomicFile.Write(_disk, _directory.OutdatedPath, OutdatedRecord.Write(_cluster, _directory.Partition, nodes));
}

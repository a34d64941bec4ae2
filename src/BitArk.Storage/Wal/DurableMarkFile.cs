using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

/// <summary>
/// The durable mark: a small file with two slots 4 KiB apart, written in turn and synced, so that a write torn by a power
/// cut leaves the one before. Written beside the commit path, from any thread; writers wait for each other.
/// </summary>
public sealed class DurableMarkFile : IDisposable
{
    private const int SlotStride = 4096;
    private const int SlotCount = 2;

    private readonly Lock _gate = new();
    private readonly IDiskFile _file;
    private readonly ClusterId _cluster;
    private readonly PartitionId _partition;
    private readonly byte[] _buffer = new byte[DurableMarkSlot.Size];
    private volatile DurableMarkState _state;
    private long _sequence;
    private Exception? _failure;

    private DurableMarkFile(IDiskFile file, in DurableMarkSlot newest)
    {
        _file = file;
        _cluster = newest.Cluster;
        _partition = newest.Partition;
        _sequence = newest.Sequence;
        _state = newest.State;
    }

    /// <summary>What the file says.</summary>
    public DurableMarkState State => _state;

    /// <summary>Creates the file of a new log, durable with both slots written when this returns.</summary>
    public static DurableMarkFile Create(string path, IDisk disk, ClusterId cluster, PartitionId partition, DurableMarkState state)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var temporary = path + WalFileNames.TemporarySuffix;
        using (var file = disk.Open(temporary, DiskOpenMode.Create))
        {
            file.Write(0, new byte[SlotStride * SlotCount]);
            using var mark = new DurableMarkFile(file, new DurableMarkSlot(cluster, partition, 0, state));
            mark.WriteNext(state);
            mark.WriteNext(state);
            file.Sync();
        }

        disk.Rename(temporary, path);
        disk.SyncDirectory(Path.GetDirectoryName(path)!);
        return Open(path, disk, cluster, partition);
    }

    /// <summary>Opens the file for writing; what it says is durable when this returns.</summary>
    /// <exception cref="WalCorruptException">Both slots are unreadable, or it is another log's.</exception>
    /// <exception cref="WalUnsupportedException">A newer version wrote it.</exception>
    public static DurableMarkFile Open(string path, IDisk disk, ClusterId cluster, PartitionId partition)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var file = disk.Open(path, DiskOpenMode.ReadWrite);
        try
        {
            var newest = ReadNewest(file);
            if (newest.Cluster != cluster || newest.Partition != partition)
            {
                throw new WalCorruptException(
                    path,
                    0,
                    newest.State.DurableLsn,
                    $"the durable mark belongs to cluster {newest.Cluster}, partition {newest.Partition}, not to cluster {cluster}, partition {partition}");
            }

            var mark = new DurableMarkFile(file, newest);
            mark.Settle();
            return mark;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the file without opening it for writing.</summary>
    public static DurableMarkState Read(string path, IDisk disk) => ReadSlot(path, disk).State;

    /// <summary>Reads the slot that counts, with the identity in it.</summary>
    internal static DurableMarkSlot ReadSlot(string path, IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        using var file = disk.Open(path, DiskOpenMode.Read);
        return ReadNewest(file);
    }

    /// <summary>
    /// Changes the state and makes it durable; returns when it is. The change is computed under the file's lock from the
    /// state before, so two writers never undo each other's fields. Nothing is written when nothing changed.
    /// </summary>
    /// <param name="change">State before to state after.</param>
    /// <param name="bothSlots">Leave no slot with the state before: for changes that a fallback must not bring back.</param>
    /// <exception cref="DiskException">Final: the file takes nothing more.</exception>
    public void Update(Func<DurableMarkState, DurableMarkState> change, bool bothSlots = false)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_gate)
        {
            if (_failure is not null)
                throw new WalFailedException(_failure);
            var next = change(_state);
            if (next == _state && !bothSlots)
                return;
            try
            {
                WriteNext(next);
                if (bothSlots)
                    WriteNext(next);
            }
            catch (Exception failure)
            {
                _failure = failure;
                throw;
            }
        }
    }

    /// <summary>Closes the file; waits for a write that is under way on another thread, so that it never meets a reused descriptor.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _failure ??= new ObjectDisposedException(_file.Path);
            _file.Dispose();
        }
    }

    private static DurableMarkSlot ReadNewest(IDiskFile file)
    {
        DurableMarkSlot? newest = null;
        var reason = string.Empty;
        var bytes = new byte[DurableMarkSlot.Size];
        for (var i = 0; i < SlotCount; i++)
        {
            var length = file.Read((long)i * SlotStride, bytes);
            if (DurableMarkSlot.TryRead(bytes.AsSpan(0, length), out var slot, out var tooNew, out var why))
                newest = newest is { } other && other.Sequence > slot.Sequence ? other : slot;
            else if (tooNew)
                throw new WalUnsupportedException(file.Path, (long)i * SlotStride, Lsn.Zero, why);
            else
                reason = why;
        }

        return newest ?? throw new WalCorruptException(file.Path, 0, Lsn.Zero, "both slots are unreadable: " + reason);
    }

    // A process killed before its sync, or whose sync failed, leaves the newest slot in the page cache only. Segments are deleted
    // and bytes zeroed on the word of this file, and a power cut must not bring an older word back: the same bytes again, synced.
    private void Settle()
    {
        var newest = _sequence % SlotCount * SlotStride;
        _file.Write(newest, _buffer.AsSpan(0, _file.Read(newest, _buffer)));
        _file.SyncData();
    }

    private void WriteNext(DurableMarkState state)
    {
        new DurableMarkSlot(_cluster, _partition, _sequence + 1, state).Write(_buffer);
        _file.Write((_sequence + 1) % SlotCount * SlotStride, _buffer);
        _file.SyncData();
        _sequence++;
        _state = state;
    }
}

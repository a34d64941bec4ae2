using System.IO.Hashing;
using System.Text;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Storage.Snapshots;

/// <summary>
/// A snapshot arriving from another replica, in chunks: written under a temporary name at their offsets, resumed after a
/// restart behind what is known to be durable, and a snapshot only once every byte has been verified. One transfer per
/// partition; one thread at a time, but <see cref="Save"/> may run on one while another calls <see cref="Write"/>. Nothing of the
/// replica itself is touched: that is <see cref="ReplicaInstall"/>'s.
/// </summary>
public sealed class SnapshotReceiver : IDisposable
{
    private readonly ReplicaOptions _options;
    private readonly IDisk _disk;
    private readonly IDiskFile _file;
    private readonly ulong _source;

    private SnapshotReceiver(ReplicaOptions options, IDisk disk, IDiskFile file, in ReceiveProgress progress)
    {
        _options = options;
        _disk = disk;
        _file = file;
        _source = progress.Source;
        Lsn = progress.Lsn;
        Bytes = progress.Bytes;
        DurableBytes = progress.Durable;
    }

    /// <summary>The snapshot's position.</summary>
    public Lsn Lsn { get; }

    /// <summary>The length of its file.</summary>
    public long Bytes { get; }

    /// <summary>How much from the beginning on survives a restart: a transfer goes on here.</summary>
    public long DurableBytes { get; private set; }

    /// <summary>Goes on with the transfer of this very file, or begins it and removes what is left of others.</summary>
    /// <param name="options">Which replica receives.</param>
    /// <param name="disk">The file system.</param>
    /// <param name="lsn">The snapshot's position.</param>
    /// <param name="bytes">The length of its file, at least 1.</param>
    /// <param name="source">The name of the node that sends it.</param>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public static SnapshotReceiver Open(ReplicaOptions options, IDisk disk, Lsn lsn, long bytes, NodeId source)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        var directory = options.Directory;
        directory.Create(disk);
        var fresh = new ReceiveProgress(options.Meta.ClusterId, options.Partition, lsn, bytes, 0, XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(source.Name)));
        if (FindProgress(directory, disk, fresh) is { } found)
            return new SnapshotReceiver(options, disk, disk.Open(directory.PartPath(lsn), DiskOpenMode.ReadWrite), found);
        RemoveLeftovers(options, disk);
        return new SnapshotReceiver(options, disk, disk.Open(directory.PartPath(lsn), DiskOpenMode.Create), fresh);
    }

    /// <summary>Removes what transfers have left that nobody goes on with.</summary>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public static void RemoveLeftovers(ReplicaOptions options, IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(options);
        new SnapshotCatalog(options.Directory, disk).RemoveReceived();
    }

    /// <summary>Writes one chunk, whose checksum the caller has checked. Again at the same offset replaces it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside of the file.</exception>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public void Write(long offset, ReadOnlySpan<byte> chunk)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Bytes - chunk.Length);
        _file.Write(offset, chunk);
    }

    /// <summary>Makes what was written before the call durable, so that a restart goes on behind it. Writes may go on beside it.</summary>
    /// <param name="contiguous">Everything before this offset was written.</param>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public void Save(long contiguous)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(contiguous);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contiguous, Bytes);
        // The length, too; and the name, which the progress must never outlive.
        _file.Sync();
        _disk.SyncDirectory(_options.Directory.SnapshotsPath);
        var progress = new byte[ReceiveProgress.Size];
        new ReceiveProgress(_options.Meta.ClusterId, _options.Partition, Lsn, Bytes, contiguous, _source).Write(progress);
        AtomicFile.Write(_disk, _options.Directory.PartProgressPath(Lsn), progress);
        DurableBytes = contiguous;
    }

    /// <summary>
    /// All bytes are here: verifies every one of them, and makes the file durable for <see cref="ReplicaInstall.Run"/>. What is
    /// not sound is removed, and the transfer begins anew.
    /// </summary>
    /// <exception cref="SnapshotInvalidException">It is no sound snapshot of this replica at that position.</exception>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public SnapshotInfo Complete()
    {
        var directory = _options.Directory;
        _file.Sync();
        SnapshotInfo info;
        try
        {
            info = Verify(directory.PartPath(Lsn));
        }
        catch (SnapshotInvalidException)
        {
            RemoveLeftovers(_options, _disk);
            throw;
        }

        _disk.Rename(directory.PartPath(Lsn), directory.ReceivedPath(Lsn));
        _disk.Delete(directory.PartProgressPath(Lsn));
        _disk.SyncDirectory(directory.SnapshotsPath);
        return info with { Path = directory.ReceivedPath(Lsn) };
    }

    /// <summary>Closes the file; what is durable stays for the next.</summary>
    public void Dispose() => _file.Dispose();

    private SnapshotInfo Verify(string path)
    {
        var info = SnapshotVerifier.Verify(_disk, path);
        var header = SnapshotVerifier.ReadHeader(_disk, path);
        if (_options.State.FindContradiction(header) is { } reason)
            throw new SnapshotInvalidException(path, 0, reason);
        return header.Lsn == Lsn ? info : throw new SnapshotInvalidException(path, 0, $"its position is {header.Lsn}, not {Lsn}");
    }

    private static ReceiveProgress? FindProgress(PartitionDirectory directory, IDisk disk, ReceiveProgress wanted)
    {
        var path = directory.PartProgressPath(wanted.Lsn);
        if (!disk.FileExists(path) || !disk.FileExists(directory.PartPath(wanted.Lsn)))
            return null;
        using var file = disk.Open(path, DiskOpenMode.Read);
        using var part = disk.Open(directory.PartPath(wanted.Lsn), DiskOpenMode.Read);
        Span<byte> bytes = stackalloc byte[ReceiveProgress.Size];
        var isOfIt = ReceiveProgress.TryRead(bytes[..file.Read(0, bytes)], out var found) && found with { Durable = 0 } == wanted;
        return isOfIt && part.Length >= found.Durable ? found : null;
    }
}

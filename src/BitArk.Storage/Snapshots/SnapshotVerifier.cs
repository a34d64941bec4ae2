using BitArk.Storage.Disk;

namespace BitArk.Storage.Snapshots;

/// <summary>Checks every byte of a snapshot file without loading it; read only, on any thread.</summary>
public static class SnapshotVerifier
{
    /// <summary>Checks the whole file; <paramref name="progress"/> gets (bytes done, bytes in all).</summary>
    /// <exception cref="SnapshotInvalidException">Something is not what was written.</exception>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public static SnapshotInfo Verify(IDisk disk, string path, Action<long, long>? progress = null) =>
        SnapshotScan.Run(disk, path, consumer: null, progress);

    /// <summary>Reads and checks the header alone.</summary>
    /// <exception cref="SnapshotInvalidException">It is not what was written.</exception>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public static SnapshotHeader ReadHeader(IDisk disk, string path) => SnapshotScan.ReadHeader(disk, path);
}

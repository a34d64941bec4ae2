using BitArk.Storage.Disk;

namespace BitArk.Storage.Snapshots;

/// <summary>
/// Drains a snapshot into its file, on a background thread: temporary name, fsync, rename, fsync of the directory, then
/// the whole file read back and checked. Only when this has returned may anything that the file replaces be deleted.
/// </summary>
public static class SnapshotWriter
{
    // How long a cancellation may go unseen while the state's writer copies nothing.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>Writes the file at <paramref name="path"/>; returns when it is durable and verified.</summary>
    /// <exception cref="DiskException">A call to the file system failed. If it was the sync of the directory, the whole file may be at <paramref name="path"/>; else it is not.</exception>
    /// <exception cref="SnapshotInvalidException">What was copied is not all, or what was read back is not what was written; the file was removed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the capture was aborted.</exception>
    public static SnapshotInfo Write(IDisk disk, string path, PartitionSnapshot snapshot, IWritePacer pacer, CancellationToken cancellation)
    {
        var temporary = path + SnapshotFileNames.TemporarySuffix;
        try
        {
            using (var file = disk.Open(temporary, DiskOpenMode.Create))
            {
                var writer = new SnapshotFileWriter(file, pacer, () => snapshot.Capture.IsUrgent, cancellation);
                writer.Append(snapshot.Head());
                var copied = Drain(snapshot, writer, cancellation);

                // A trailer makes whatever is here a snapshot, so it is counted, once more, that all of the memory is.
                if (copied != snapshot.Capture.TotalBytes)
                    throw new SnapshotInvalidException(temporary, 0, $"{copied} bytes of memory arrived, of {snapshot.Capture.TotalBytes}");
                writer.Complete();
            }

            disk.Rename(temporary, path);
            disk.SyncDirectory(Path.GetDirectoryName(path)!);
        }
        catch
        {
            // The state's writer must stop copying before anyone waits for it.
            snapshot.Capture.Abort();
            TryDelete(disk, temporary);
            throw;
        }

        return ReadBack(disk, path);
    }

    // How much of the memory came.
    private static long Drain(PartitionSnapshot snapshot, SnapshotFileWriter writer, CancellationToken cancellation)
    {
        var capture = snapshot.Capture;
        var copied = 0L;
        while (!capture.IsDrained)
        {
            cancellation.ThrowIfCancellationRequested();
            if (capture.IsAborted)
            {
                throw new OperationCanceledException(capture.IsGivenUp
                    ? $"The snapshot at {snapshot.Lsn} was given up: the state's writer had waited {capture.Patience.TotalMilliseconds:F0} ms for the disk"
                    : $"The snapshot at {snapshot.Lsn} was given up");
            }

            if (!capture.TryTake(Patience, out var block))
                continue;
            try
            {
                writer.AppendBlock(block.Payload);
                copied += block.CopiedBytes;
            }
            finally
            {
                capture.Return(block);
            }
        }

        return copied;
    }

    private static SnapshotInfo ReadBack(IDisk disk, string path)
    {
        try
        {
            return SnapshotVerifier.Verify(disk, path);
        }
        catch
        {
            // Not verified is not there: a restart would take it for the newest sound one.
            TryDelete(disk, path);
            throw;
        }
    }

    private static void TryDelete(IDisk disk, string path)
    {
        try
        {
            disk.Delete(path);
        }
        catch (DiskException)
        {
            // The first failure is the one to report; the next start removes what is left here.
        }
    }
}

using System.Diagnostics;
using BitArk.Storage.Memory;
using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;

namespace BitArk.Benchmarks.Engine;

/// <summary>One snapshot written to its file beside a paced writer.</summary>
internal sealed class SnapshotToDisk
{
    private const int BytesPerPause = 128 << 10;

    private TimeSpan _begin;
    private TimeSpan _writing;
    private TimeSpan _verifying;
    private string? _givenUp;

    /// <summary>The file; null when the capture was given up.</summary>
    public SnapshotInfo? Info { get; private set; }

    /// <summary>Of the state when the snapshot began.</summary>
    public ulong Digest { get; private set; }

    /// <summary>Writes it; <paramref name="pace"/> bytes per second, 0 for as fast as the disk takes it.</summary>
    /// <exception cref="IOException">The disk failed, or what was read back is not what was written.</exception>
    public static SnapshotToDisk Write(PartitionState state, PacedWriter writer, string path, int pace, TimeSpan patience)
    {
        // The digest is taken while nothing is written, so it is exactly that of the snapshot's position.
        var result = new SnapshotToDisk { Digest = state.Digest() };
        var disk = new WatchedDisk();
        var start = Stopwatch.GetTimestamp();
        var snapshot = state.BeginSnapshot();
        result._begin = Stopwatch.GetElapsedTime(start);
        snapshot.Capture.Patience = patience;
        IWritePacer pacer = pace > 0 ? new RatePacer(pace, TimeProvider.System) : UnpacedWrites.Instance;
        var writing = Task.Factory.StartNew(() => result.Drain(disk, path, snapshot, pacer), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var copied = false;
        writer.Run(() => writing.IsCompleted, () => Copy(snapshot.Capture, ref copied));
        writing.GetAwaiter().GetResult();
        return result;
    }

    public void Print(PacedWriter writer)
    {
        SnapshotPauses.Print("with a snapshot", writer);
        if (Info is null)
        {
            Measure.Line("given up", $"after {_writing.TotalSeconds:F2} s: {_givenUp}");
            return;
        }

        Measure.Line("written", $"begin {_begin.TotalMilliseconds:F2} ms; {Info.Bytes} B in {_writing.TotalSeconds:F2} s with fsync, rename and the directory's fsync = {Info.Bytes / _writing.TotalSeconds / 1e6:F0} MB/s; not given up");
        Measure.Line("read back and checked", $"{_verifying.TotalSeconds:F2} s = {Info.Bytes / _verifying.TotalSeconds / 1e6:F0} MB/s (the pages are still in memory, as they are in a node)");
    }

    // As a node's writer does: it copies while it has nothing else to do, and not while the buffers wait for the disk.
    private static bool Copy(SnapshotCapture capture, ref bool copied)
    {
        if (copied || capture.IsBackedUp)
        {
            return false;
        }

        copied = capture.CopySome(BytesPerPause);
        return !copied;
    }

    private void Drain(WatchedDisk disk, string path, PartitionSnapshot snapshot, IWritePacer pacer)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            Info = SnapshotWriter.Write(disk, path, snapshot, pacer, CancellationToken.None);
            _writing = Stopwatch.GetElapsedTime(start, disk.DirectorySyncedAt);
            _verifying = Stopwatch.GetElapsedTime(disk.DirectorySyncedAt);
        }
        catch (OperationCanceledException reason)
        {
            _writing = Stopwatch.GetElapsedTime(start);
            _givenUp = reason.Message;
        }
    }
}

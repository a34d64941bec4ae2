using System.Diagnostics;
using BitArk.Chaos.Reporting;
using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Benchmarks.Engine;

/// <summary>
/// <c>snapshot-disk</c>: a point-in-time snapshot of cursor-only sets into a real file while 100 k marks/s arrive, by the writer that nodes use:
/// temporary name, blocks with checksums, fsync, rename, fsync of the directory, then read back and checked. The file is then loaded into a fresh
/// state by the loader that nodes use, and the digest compared with that of the moment at which the snapshot began.
/// </summary>
internal static class SnapshotDiskWorkload
{
    private const int MarksPerSecond = 100_000;
    private const long SegmentBytes = 64 << 20;

    /// <summary>As the node's writer: short at first, doubled after each try that was given up.</summary>
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MostPatience = TimeSpan.FromMilliseconds(1600);

    public static int Run(Options options)
    {
        var sets = options.Number("--sets", 20_000_000, atLeast: 1000);
        var pace = options.Number("--pace", 0);
        var runs = options.Number("--runs", 3, atLeast: 1);
        var parent = Path.GetFullPath(options.Text("--dir") ?? Path.GetTempPath());
        options.RefuseUnknown();
        var directory = Directory.CreateDirectory(Path.Combine(parent, $"bitark-snapshot-disk-{Environment.ProcessId}"));
        try
        {
            return Run(sets, pace, runs, directory.FullName) ? 0 : 1;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static bool Run(int sets, int pace, int runs, string directory)
    {
        SnapshotRehearsal.Run();
        var options = new PartitionStateOptions(ClusterId.NewRandom(), new PartitionId(0), new LogGeometry(SegmentBytes), SessionWindow: 64, SessionMaxBytes: 64 << 20);
        using var state = new PartitionState(options);
        var table = state.Tables.GetOrAdd(NamespaceId.Default);
        for (var i = 0; i < sets; i++)
        {
            _ = table.Mark(Cursors.User(i), Cursors.Channel(i), 1, 1 + (i % 1000));
        }

        Measure.Line($"{sets:N0} sets", $"{MarksPerSecond:N0} marks/s meanwhile, {(pace > 0 ? $"paced to {pace} B/s" : "no pace")}, in {directory}");
        var writer = new PacedWriter(table, sets, MarksPerSecond);
        RunFor(writer, TimeSpan.FromSeconds(1));
        var (patience, isSound) = (LeastPatience, true);
        for (var run = 0; run < runs; run++)
        {
            writer.Reset();
            RunFor(writer, TimeSpan.FromSeconds(2));
            SnapshotPauses.Print("without a snapshot", writer);
            var path = Path.Combine(directory, $"{run}.snap");
            writer.Reset();
            var written = SnapshotToDisk.Write(state, writer, path, pace, patience);
            written.Print(writer);
            patience = written.Info is not null ? LeastPatience : patience * 2 < MostPatience ? patience * 2 : MostPatience;
            isSound &= written.Info is null || Load(path, options, written);
            File.Delete(path);
        }

        return isSound;
    }

    private static bool Load(string path, PartitionStateOptions options, SnapshotToDisk written)
    {
        var disk = new WatchedDisk();
        var start = Stopwatch.GetTimestamp();
        using var loaded = PartitionState.Load(disk, path, options, out var info);
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var isEqual = loaded.Digest() == written.Digest && loaded.LastAppliedLsn == info.Lsn;
        Measure.Line("loaded", $"{took:F2} s = {info.Bytes / took / 1e6:F0} MB/s, {info.ReadSets / took / 1e6:F2} M sets/s; {(isEqual ? "equal to the state at the snapshot's beginning" : "DIFFERENT from the state at the snapshot's beginning")}");
        return isEqual;
    }

    private static void RunFor(PacedWriter writer, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        writer.Run(() => Stopwatch.GetElapsedTime(start) > time, () => false);
    }
}

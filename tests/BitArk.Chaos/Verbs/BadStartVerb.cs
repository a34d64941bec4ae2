using BitArk.Chaos.Faults;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>bad-start</c>: harms single bytes of a stopped node's files. What was durable and is bad must be refused in one clear
/// line; a bad newest snapshot must be healed by the older one.
/// </summary>
internal static class BadStartVerb
{
    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        int positions = options.Number("--positions", otherwise: 6, atLeast: 1);
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        using var scratch = new ScratchDirectory("bad-start");
        var random = new Random(seed);
        try
        {
            await CheckLogAsync(await HarmedStarts.PrepareAsync(binary, scratch, "log", seed, snapshotEveryBytes: 1 << 30), positions, random, report);
            await CheckSnapshotsAsync(await HarmedStarts.PrepareAsync(binary, scratch, "snapshots", seed + 1, snapshotEveryBytes: 64 << 10), positions, random, report);
        }
        catch (Exception failure) when (Verdict.IsFinding(failure))
        {
            report.Fail(failure.Message);
        }

        return report.Finish($"bad-start seed={seed}");
    }

    private static async Task CheckLogAsync(HarmedStarts starts, int positions, Random random, Report report)
    {
        const int headerBytes = 64;
        string[] segments = starts.Files("wal", "*.wal");
        string last = segments.Last(segment => Bytes.EndOfContent(Path.Combine(starts.Pristine, segment)) > headerBytes);
        foreach (string segment in new[] { segments[0], last })
        {
            string name = Path.GetFileNameWithoutExtension(segment);
            long end = Bytes.EndOfContent(Path.Combine(starts.Pristine, segment));
            for (int i = 0; i < positions; i++)
            {
                long offset = random.NextInt64(headerBytes, end);
                await starts.CheckRefusedAsync($"a bit of the log flipped at {segment}:0x{offset:X}", data => Bytes.Flip(Path.Combine(data, segment), offset), name, report);
            }

            await starts.CheckRefusedAsync($"a bit of the header of {segment} flipped", data => Bytes.Flip(Path.Combine(data, segment), 20), name, report);
        }

        await starts.CheckRefusedAsync("a segment in the middle is missing", data => File.Delete(Path.Combine(data, segments[1])), Path.GetFileNameWithoutExtension(segments[1]), report);
        string mark = Path.Combine("partitions", "0", "durable.mark");
        await starts.CheckRefusedAsync("both slots of the durable mark are bad", data => File.WriteAllBytes(Path.Combine(data, mark), new byte[8192]), "durable.mark", report);
        await starts.CheckRefusedAsync("the data directory's marker is bad", data => Bytes.Flip(Path.Combine(data, "node.meta"), 9), "node.meta", report);
        await starts.CheckServesAsync("the unharmed directory", _ => { }, says: null, report);
    }

    private static async Task CheckSnapshotsAsync(HarmedStarts starts, int positions, Random random, Report report)
    {
        string[] snapshots = starts.Files("snapshots", "*.snap");
        if (!report.Check(snapshots.Length == 2, $"two snapshots are kept: {string.Join(", ", snapshots)}"))
            return;
        long length = new FileInfo(Path.Combine(starts.Pristine, snapshots[1])).Length;
        foreach (long offset in Enumerable.Range(0, positions).Select(_ => random.NextInt64(length)).Append(0).Append(length - 1))
        {
            await starts.CheckServesAsync(
                $"a bit of the newest snapshot flipped at 0x{offset:X}",
                data => Bytes.Flip(Path.Combine(data, snapshots[1]), offset),
                Path.GetFileNameWithoutExtension(snapshots[1]),
                report);
        }

        await starts.CheckRefusedAsync(
            "both snapshots are bad",
            data =>
            {
                foreach (string snapshot in snapshots)
                    Bytes.Flip(Path.Combine(data, snapshot), length / 3);
            },
            "snapshot",
            report);
    }
}

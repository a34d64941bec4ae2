using System.Text.RegularExpressions;
using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Clusters;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;
using BitArk.Storage.Wal;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>The end of a run: the replicas' memories are read and their nodes stopped, the whole log is put together, and the history judged by it.</summary>
internal static partial class FaultVerdict
{
    private const int FindingsShown = 5;
    private static readonly int SegmentBytes = new NodeSettings { DataDirectory = "" }.SegmentBytes;

    /// <summary>Does it all. Nothing may be written any more.</summary>
    public static async Task CheckAsync(FaultScene scene, LogArchive archive, int lanes)
    {
        Trio trio = scene.Trio;
        await trio.WhenLevelAsync();
        // One leads all and is stopped last: nobody begins an epoch while the nodes end.
        await trio.GatherAsync(trio.Members[0]);
        await trio.WhenLevelAsync();
        Dictionary<ReadSetKey, RangeSet>[] states = await StatesAsync(trio, [.. SharedWorkload.Keys(lanes)]);
        (long Lsn, ulong Digest)[][] digests = await Task.WhenAll(trio.Views.Select(async view =>
        {
            var all = new (long Lsn, ulong Digest)[trio.Settings.Partitions];
            for (int partition = 0; partition < all.Length; partition++)
                all[partition] = await view.DigestAsync(partition);
            return all;
        }));
        await scene.Watch.LookAsync();
        await trio.TerminateAsync();
        scene.Report.Check(archive.Differences.Count == 0, "no replica ever held another committed segment than the others", string.Join("; ", archive.Differences.Take(FindingsShown)));
        for (int partition = 0; partition < trio.Settings.Partitions; partition++)
        {
            int number = partition;
            Check(scene, archive, number, [.. trio.Members.Select((member, i) => Dump(scene, member, number, states[i], digests[i][number]))]);
        }
    }

    /// <summary>What the nodes went through, in a line.</summary>
    public static string Summary(Trio trio) =>
        $"starts {string.Join('/', trio.Members.Select(member => member.Starts))}, given up by the others {trio.Members.Sum(member => member.TimesGivenUp)}, "
        + $"leaderships {Total(trio, ": leads E")}, truncations {Total(trio, "the log is cut from")}, full syncs {Total(trio, "installing the leader's snapshot")}, damaged {Total(trio, "is damaged and serves nothing")}";

    private static int Total(Trio trio, string text) => trio.Members.Sum(member => member.Count(text));

    private static void Check(FaultScene scene, LogArchive archive, int partition, ReplicaDump[] replicas)
    {
        Dictionary<long, byte[]> segments = archive.Of(partition);
        foreach ((long index, string path) in LogArchive.Segments(scene.Trio.Members[0], partition))
            segments.TryAdd(index, File.ReadAllBytes(path));
        List<LogRecord> log = SegmentLog.Read(segments, SegmentBytes, LogRules.First);
        IReadOnlyList<ClusterOperation> operations = scene.History.Of(partition);
        var history = new PartitionHistory(partition, operations, log, replicas, [.. Claims(scene, partition)]);
        List<ClusterFinding> findings = ClusterHistoryChecker.Check(history);
        int epochs = log.Where(record => record.Type == RecordType.EpochStart).DistinctBy(record => record.Epoch).Count();
        int writes = log.Count(record => record.IsWrite);
        scene.Report.Check(
            findings.Count == 0,
            $"partition {partition}: {operations.Count} operations fit the log of {log.Count} records, {writes} of them writes ({writes - log.Where(record => record.IsWrite).DistinctBy(record => record.Identity).Count()} repeats), {epochs - 1} epoch changes; "
            + $"{operations.Count(operation => operation.Outcome == Outcome.Unknown)} outcomes open; the same on all replicas, checksum {replicas[0].Digest:x16} at {replicas[0].Applied}",
            Say(findings));
    }

    // Each rule that did not hold, how often, and where first.
    private static string Say(List<ClusterFinding> findings) => string.Join(
        Environment.NewLine + "        ",
        findings.GroupBy(finding => finding.Rule).SelectMany(rule => rule.Take(FindingsShown).Select(finding => $"{finding}").Append($"{rule.Key}: {rule.Count()} in all")).Prepend($"{findings.Count} findings"));

    private static ReplicaDump Dump(FaultScene scene, Member member, int partition, Dictionary<ReadSetKey, RangeSet> state, (long Lsn, ulong Digest) digest)
    {
        Dictionary<long, byte[]> segments = LogArchive.Segments(member, partition).ToDictionary(segment => segment.Index, segment => File.ReadAllBytes(segment.Path));
        // Collected since it was asked, perhaps: then it begins with its oldest segment.
        var oldest = new Lsn((segments.Keys.Min() * SegmentBytes) + SegmentLog.HeaderBytes);
        List<LogRecord> log = SegmentLog.Read(segments, SegmentBytes, Lsn.Max(oldest, scene.Watch.Retained(member.Name, partition)));
        return new ReplicaDump(member.Name, log, new Lsn(digest.Lsn), digest.Digest, state.Where(one => PartitionId.Of(one.Key.User, scene.Trio.Settings.Partitions).Value == partition).ToDictionary());
    }

    private static IEnumerable<LeaderClaim> Claims(FaultScene scene, int partition)
    {
        foreach ((int of, Epoch epoch, string node, _) in scene.Watch.Claims.Where(claim => claim.Partition == partition))
            yield return new LeaderClaim(epoch, node, "its own view");
        foreach (Member member in scene.Trio.Members)
        {
            foreach (Match line in member.Lines.Select(line => LeadsLine().Match(line)).Where(line => line.Success && int.Parse(line.Groups["partition"].ValueSpan, provider: null) == partition))
                yield return new LeaderClaim(new Epoch(long.Parse(line.Groups["epoch"].ValueSpan, provider: null)), member.Name, "its own line");
        }
    }

    private static async Task<Dictionary<ReadSetKey, RangeSet>[]> StatesAsync(Trio trio, IReadOnlyList<ReadSetKey> keys)
    {
        ReplicaReader[] readers = [.. trio.Members.Select(member => new ReplicaReader(member))];
        try
        {
            Dictionary<ReadSetKey, (RangeSet Content, string Token)> led = await readers[0].FromLeaderAsync(keys);
            return await Task.WhenAll(readers.Select(reader => reader.OwnAsync(led)));
        }
        finally
        {
            foreach (ReplicaReader reader in readers)
                reader.Dispose();
        }
    }

    [GeneratedRegex(@"Partition (?<partition>\d+): leads E(?<epoch>\d+) from")]
    private static partial Regex LeadsLine();
}

using BitArk.Chaos.Reporting;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.Clusters;

/// <summary>What the verbs over a cluster check at their end, and what they say about the run.</summary>
internal static class ClusterVerdict
{
    private const int SegmentBytes = 64 << 10;

    /// <summary>Waits until the replicas are level and compares all read sets of all replicas.</summary>
    public static async Task CheckReadsAsync(Trio trio, ClusterFleet fleet, string what, Report report)
    {
        TimeSpan took = await trio.WhenLevelAsync();
        List<string> findings = await fleet.CompareAsync(trio.Members);
        report.Check(findings.Count == 0, $"{what}; level after {took.TotalSeconds:0.0} s, read sets of all replicas as acknowledged", $"{findings.Count} findings: {string.Join("; ", findings.Take(5))}");
    }

    /// <summary>Compares the checksums of all replicas, stops them in good order, and compares their logs byte for byte.</summary>
    public static async Task CheckEqualAsync(Trio trio, Report report)
    {
        await trio.GatherAsync(trio.Members[0]);
        await trio.WhenLevelAsync();
        for (int partition = 0; partition < trio.Settings.Partitions; partition++)
        {
            (long Lsn, ulong Digest)[] digests = await Task.WhenAll(trio.Views.Select(view => view.DigestAsync(partition)));
            report.Check(digests.Distinct().Count() == 1, $"partition {partition}: the same checksum on all replicas, {digests[0].Digest:x16} at {digests[0].Lsn}", string.Join(", ", digests));
        }

        long[] retained = new long[trio.Settings.Partitions];
        foreach (PartitionInfo partition in await trio.TryPartitionsAsync())
            retained[partition.Id] = partition.Replicas.Max(replica => replica.MinRetainedLsn);
        await trio.TerminateAsync();
        for (int partition = 0; partition < retained.Length; partition++)
        {
            (long bytes, string? difference) = LogComparison.Compare(trio.Members, partition, SegmentBytes, retained[partition]);
            report.Check(difference is null && bytes > 0, $"partition {partition}: {bytes} bytes of log are the same on all replicas", difference ?? "there was nothing to compare");
        }
    }

    /// <summary>One line that says what the run crossed.</summary>
    public static string Summary(Trio trio, ClusterFleet fleet) =>
        $"{fleet.Acknowledged} operations acknowledged, {fleet.UnknownOutcomes} outcomes open, {fleet.Repeated} writes repeated under their session, {fleet.Compared} read sets compared; "
        + $"starts {string.Join('/', trio.Members.Select(member => member.Starts))}, given up by the others {trio.Members.Sum(member => member.TimesGivenUp)}; "
        + $"leaderships {Total(trio, ": leads E")}, truncations {Total(trio, "the log is cut from")}, full syncs {Total(trio, "installing the leader's snapshot")}, "
        + $"damaged {Total(trio, "is damaged and serves nothing")}; refusals met: {(fleet.Refusals.Length > 0 ? fleet.Refusals : "none")}";

    private static int Total(Trio trio, string text) => trio.Members.Sum(member => member.Count(text));
}

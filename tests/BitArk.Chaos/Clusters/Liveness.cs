using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Clusters;

/// <summary>Beginnings of a cluster that must not depend on a certain node, nor on luck: each is said in one line.</summary>
internal static class Liveness
{
    private const int StageAt = 52;
    private const int ClusterAt = 16;
    private const byte Proposed = 1;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Three empty nodes are killed as soon as one of them has a proposal of the cluster on its disk: started again they complete that one.
    /// </summary>
    /// <returns>Whether it was interrupted at all; the nodes run in any case.</returns>
    public static async Task<bool> ResumeCreationAsync(Trio trio, Report report)
    {
        foreach (Member member in trio.Members)
            member.Launch();
        if (!await Eventually.HoldsAsync(() => trio.Members.Any(member => Layout(member) is not null), Bound))
            throw new NodeException($"no node proposed a cluster: {trio.Members[0].Running.Tail(25)}");
        foreach (Member member in trio.Members)
            member.Running.Pause();
        await KillAllAsync(trio);
        (byte Stage, Guid Cluster)?[] found = [.. trio.Members.Select(Layout)];
        foreach (Member member in trio.Members)
            member.Launch();
        await Task.WhenAll(trio.Members.Select(member => member.ServesAsync()));
        if (!found.Any(layout => layout is { Stage: Proposed }) || found.Any(layout => layout is { Stage: not Proposed }))
            return false;

        // Of several proposals that with the highest id is completed.
        Guid proposed = found.Max(layout => layout?.Cluster ?? Guid.Empty);
        report.Check(
            trio.Members.All(member => Layout(member) is { Stage: not Proposed } layout && layout.Cluster == proposed),
            $"an interrupted creation is resumed: killed with {found.Count(layout => layout is not null)} of 3 agreed, and created as what was proposed");
        return true;
    }

    /// <summary>All lose their processes at once, and the first seed never returns: the other two are a cluster again, and take writes.</summary>
    public static async Task LoseAllAndTheFirstSeedAsync(Trio trio, ClusterFleet fleet, Report report)
    {
        await using (Load load = Load.Begin(fleet, trio.Members))
        {
            await load.AcknowledgesAsync(300, Bound);
            await KillAllAsync(trio);
        }

        Member[] left = [.. trio.Members.Skip(1)];
        foreach (Member member in left)
            member.Launch();
        await Task.WhenAll(left.Select(member => member.ServesAsync()));
        // What was open when they were killed is settled by what they hold: the clients go on from there.
        List<string> findings = await fleet.CompareAsync(left);
        await using (Load load = Load.Begin(fleet, left))
            await load.AcknowledgesAsync(300, Bound);
        report.Check(
            findings.Count == 0,
            "all were killed and the first seed never returned: the other two formed the cluster, have what was acknowledged, and take writes",
            string.Join("; ", findings.Take(5)));
    }

    /// <summary>The first seed begins a cluster of its own while the others stand still: when they go on, the two find each other and become one.</summary>
    public static async Task MergeIslandsAsync(Trio trio, ClusterFleet fleet, Report report)
    {
        (Member first, Member[] others) = (trio.Members[0], [.. trio.Members.Skip(1)]);
        foreach (Member member in others)
            await member.Running.FreezeAsync();
        int begun = first.Count("begins a cluster itself");
        first.Launch();
        bool isAlone = await Eventually.HoldsAsync(() => first.Count("begins a cluster itself") > begun, Bound);
        foreach (Member member in others)
            member.Running.Resume();
        if (!isAlone)
            throw new NodeException($"{first.Name} did not begin a cluster: {first.Running.Tail(25)}");

        bool isOne = await Eventually.HoldsAsync(() => Task.FromResult(first.Count("it leaves the one and joins the other") > 0), Bound);
        await ClusterVerdict.CheckReadsAsync(trio, fleet, "after the merging", report);
        await using (Load load = Load.Begin(fleet, trio.Members))
            await load.AcknowledgesAsync(300, Bound);
        report.Check(isOne && trio.Members.All(member => member.Process is { HasExited: false }), "two clusters that began apart found each other and are one: the smaller one gave way, in the same process");
    }

    private static async Task KillAllAsync(Trio trio) => await Task.WhenAll(trio.Members.Select(member => member.KillAsync()));

    // By the ruler of ClusterMeta; it is there whole or not at all.
    private static (byte Stage, Guid Cluster)? Layout(Member member)
    {
        string path = Path.Combine(member.DataDirectory, "cluster.meta");
        if (!File.Exists(path))
            return null;
        byte[] bytes = File.ReadAllBytes(path);
        return (bytes[StageAt], new Guid(bytes.AsSpan(ClusterAt, 16), bigEndian: true));
    }
}

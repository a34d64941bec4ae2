using BitArk.Chaos.Clusters;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>What happens to disks, and to the power.</summary>
internal static class DiskFaults
{
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(30);

    /// <summary>One node loses its power: what its disk was not made to keep is gone.</summary>
    public static async Task<(IReadOnlyList<Member> Met, string What)> PowerAsync(FaultScene scene)
    {
        Member victim = await scene.VictimAsync();
        string role = scene.Role(victim);
        await CutPowerAsync(scene, [victim]);
        await scene.PauseAsync(0, 2_000);
        await victim.StartAsync();
        return ([victim], $"{role} lost its power");
    }

    /// <summary>All nodes lose their power at once.</summary>
    public static async Task<(IReadOnlyList<Member> Met, string What)> BlackoutAsync(FaultScene scene)
    {
        await CutPowerAsync(scene, scene.Trio.Members);
        foreach (Member member in scene.Trio.Members)
            member.Launch();
        await Task.WhenAll(scene.Trio.Members.Select(member => member.ServesAsync()));
        return (scene.Trio.Members, "all lost their power at once");
    }

    /// <summary>A disk filled to the last byte, and freed.</summary>
    public static async Task<(IReadOnlyList<Member> Met, string What)> FullAsync(FaultScene scene)
    {
        Member victim = await scene.VictimAsync();
        string role = scene.Role(victim);
        using (var filler = new Filler(Path.Combine(scene.Disks[scene.IndexOf(victim)].MountPoint, "filler")))
        {
            await Task.Run(filler.Fill);
            await scene.PauseAsync(1_000, 4_000);
        }

        return ([victim], $"the disk of {role} filled and freed");
    }

    /// <summary>Every fdatasync takes long for some seconds; under the tracer everything else does, too.</summary>
    public static async Task<(IReadOnlyList<Member> Met, string What)> SlowAsync(FaultScene scene)
    {
        Member victim = await scene.VictimAsync();
        string role = scene.Role(victim);
        int milliseconds = scene.Random.Next(50, 300);
        await using (StraceAttach.Begin(victim.Running.Id, "fdatasync", $"delay_enter={milliseconds * 1_000}"))
            await scene.PauseAsync(2_000, 5_000);
        return ([victim], $"every sync of {role} {milliseconds} ms late");
    }

    /// <summary>An fdatasync fails: the node must end by itself, with an error, and is started again.</summary>
    public static async Task<(IReadOnlyList<Member> Met, string What)> FailAsync(FaultScene scene)
    {
        Member victim = await scene.VictimAsync();
        string role = scene.Role(victim);
        NodeProcess process = victim.Running;
        int code;
        await using (StraceAttach.Begin(process.Id, "fdatasync", "error=EIO"))
            code = await process.EndAsync(EndBound);
        scene.Report.Check(code != 0 && process.ErrorLines.Count > 0, $"the node whose disk failed ended by itself with exit code {code}: {process.ErrorLines.FirstOrDefault()}", process.Tail(25));
        await victim.KillAsync();
        await victim.StartAsync();
        return ([victim], $"the disk of {role} failed");
    }

    private static async Task CutPowerAsync(FaultScene scene, IReadOnlyList<Member> victims)
    {
        // Frozen first: a sync that is under way could otherwise finish after the cut and be acknowledged.
        await Task.WhenAll(victims.Select(victim => victim.Running.FreezeAsync()));
        await Task.WhenAll(victims.Select(victim => scene.Disks[scene.IndexOf(victim)].CutPowerAsync()));
        await Task.WhenAll(victims.Select(victim => victim.KillAsync()));
        await Task.WhenAll(victims.Select(victim => scene.Disks[scene.IndexOf(victim)].RemountAsync()));
    }
}

using BitArk.Chaos.Clusters;
using BitArk.Chaos.Faults;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>One kind of fault.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Needs">What it takes.</param>
/// <param name="HappenAsync">Does it and lifts it; whom it met, and what it was in words.</param>
internal sealed record FaultKind(string Name, FaultNeeds Needs, Func<FaultScene, Task<(IReadOnlyList<Member> Met, string What)>> HappenAsync)
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<FaultKind> All =
    [
        new("kill", FaultNeeds.Nothing, ProcessFaults.KillAsync),
        new("stop", FaultNeeds.Nothing, ProcessFaults.StopAsync),
        new("restart", FaultNeeds.Nothing, ProcessFaults.RestartAsync),
        new("transfer", FaultNeeds.Nothing, ProcessFaults.TransferAsync),
        new("cut", FaultNeeds.Network, NetworkFaults.CutAsync),
        new("power", FaultNeeds.Disks, DiskFaults.PowerAsync),
        new("blackout", FaultNeeds.Disks, DiskFaults.BlackoutAsync),
        new("full-disk", FaultNeeds.Disks, DiskFaults.FullAsync),
        new("slow-disk", FaultNeeds.Strace, DiskFaults.SlowAsync),
        new("fail-disk", FaultNeeds.Strace, DiskFaults.FailAsync),
        new("pause", FaultNeeds.Network, PauseScenario.HappenAsync),
        new("split", FaultNeeds.Network, SplitScenario.HappenAsync),
    ];

    /// <summary>Whether this machine has what it takes.</summary>
    public bool IsPossible => Needs switch
    {
        FaultNeeds.Network => PrivateNetwork.IsInside,
        FaultNeeds.Disks => Signals.IsRoot && Tool.Missing(LoopFileSystem.Programs("ext4")) is null,
        FaultNeeds.Strace => Signals.IsRoot && Tool.Missing("strace") is null,
        _ => true,
    };
}

/// <summary>What a kind of fault takes.</summary>
internal enum FaultNeeds
{
    /// <summary>Processes and signals.</summary>
    Nothing,

    /// <summary>Network namespaces.</summary>
    Network,

    /// <summary>A file system of its own for each node.</summary>
    Disks,

    /// <summary>strace, allowed to attach.</summary>
    Strace,
}

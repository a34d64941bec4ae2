using BitArk.Cli.Nodes;

namespace BitArk.Cli.Bench;

/// <summary>What <c>bitark bench</c> was asked to do; checked.</summary>
internal sealed record BenchOptions
{
    /// <summary>Null: a node inside this process.</summary>
    public NodeAddress? Node { get; init; }

    public Workload Workload { get; init; } = Workload.Mark;

    /// <summary>Calls under way at once; in an open loop the most there may be.</summary>
    public int Callers { get; init; } = 64;

    /// <summary>HTTP/2 connections that the callers share.</summary>
    public int Connections { get; init; } = 2;

    /// <summary>Calls a second in an open loop; null: closed loop, each caller calls again as soon as it is answered.</summary>
    public int? Rate { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Marks in one call of <see cref="Workload.Batch"/>.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Ids in one call of <see cref="Workload.AreRead"/>.</summary>
    public int Ids { get; init; } = 100;

    /// <summary>Share of look-ups in <see cref="Workload.Mixed"/>, percent.</summary>
    public int ReadPercent { get; init; } = 90;

    public int Users { get; init; } = 100_000;

    /// <summary>Channels of each user.</summary>
    public int Channels { get; init; } = 4;

    /// <summary>Message ids of each channel.</summary>
    public int Messages { get; init; } = 1_000;

    /// <summary>Partitions of an in-process node.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>Where an in-process node keeps its data; null: a temporary directory, deleted afterwards.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Process of the node, on this machine, whose CPU time is reported too; null: unknown.</summary>
    public int? NodePid { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>Whether any call writes.</summary>
    public bool Writes => Workload is Workload.Mark or Workload.Batch or Workload.Mixed;

    /// <summary>Whether any call reads, so that there must be something to read first.</summary>
    public bool Reads => Workload is Workload.IsRead or Workload.AreRead or Workload.Mixed;

    /// <summary>What does not fit together; null when all does.</summary>
    public string? Problem() => this switch
    {
        { Node.Door: NodeDoor.Http } => "--node: the load generator speaks gRPC, give the node as grpc://host:port",
        { Node: not null, DataDirectory: not null } => "--data-dir belongs to --target inproc",
        { Node: null, NodePid: not null } => "--node-pid belongs to --target grpc: in process there is one process, and its CPU time is reported",
        { Workload: Workload.AreRead } when Ids > Messages => $"--ids {Ids} is more than the --messages {Messages} of a channel",
        _ => null,
    };
}

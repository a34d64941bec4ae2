using BitArk.Cli.Replicas;
using BitArk.Cluster;
using BitArk.Protocol.V1;

namespace BitArk.Cli.Tests.Replicas;

/// <summary>Three replicas of one partition whose answers a test decides.</summary>
internal sealed class ScriptedProbe(Func<string, Lsn, DigestOutcome> answer) : IReplicaProbe
{
    public List<Lsn> Asked { get; } = [];

    public PartitionInfo? Partition { get; set; } = new()
    {
        Id = 0,
        Leader = "node2",
        Replicas =
        {
            new ReplicaInfo { Node = "node1", Role = "follower", WrittenLsn = 900 },
            new ReplicaInfo { Node = "node2", Role = "leader", WrittenLsn = 1000 },
            new ReplicaInfo { Node = "node3", Role = "follower", WrittenLsn = 1000 },
        },
    };

    public Task<PartitionInfo?> LookAsync(int partition, CancellationToken cancellation) => Task.FromResult(Partition);

    public Task<DigestOutcome> DigestAsync(string node, int partition, Lsn at, TimeSpan atMost, CancellationToken cancellation)
    {
        Asked.Add(at);
        return Task.FromResult(answer(node, at));
    }
}

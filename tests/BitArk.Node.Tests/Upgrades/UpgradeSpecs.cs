using System.Globalization;
using BitArk.Cluster;
using BitArk.Node.Tests.EndToEnd;
using BitArk.Protocol.V1;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace BitArk.Node.Tests.Upgrades;

/// <summary>What earlier builds have written opens here, with all that was in it.</summary>
public sealed class UpgradeSpecs : IDisposable
{
    private static readonly string[] Names = ["node1", "node2", "node3"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task Should_open_the_directory_of_a_node_alone_that_the_build_before_replication_wrote()
    {
        OldDirectory.Unpack(OldDirectory.Step1, _data.FullPath);
        AssertSound(_data.FullPath);
        await using (var node = await RunningNode.StartStoredAsync(_data, OldDirectory.Settings))
        {
            Assert.Equal(OldDirectory.Digests, await DigestsAsync(node));
            await AssertMarksAsync(node);

            // What a session has written it is told again, and not done again.
            var repeated = new WriteRequest { Session = 3, Sequence = 1 };
            repeated.Operations.Add(new Operation { User = 3, Channel = 1, Unmark = new MessageIds { Messages = { 5 } } });
            Assert.Equal(1, Assert.Single((await node.ReadStatus.WriteAsync(repeated)).Results).Changed);
            Assert.Equal(1, (await node.ReadStatus.MarkAsync(new MarkRequest { User = 3, Channel = 1, Messages = { 5 } })).Changed);
            await node.Admin.SnapshotAsync(new PartitionRequest());
        }

        // And opens again, with what this build has added.
        await using var again = await RunningNode.StartStoredAsync(_data, OldDirectory.Settings);
        Assert.True((await again.ReadStatus.IsReadAsync(new IsReadRequest { User = 3, Channel = 1, Message = 5 })).Read);
    }

    [Fact]
    public async Task Should_form_a_cluster_of_the_directories_that_the_build_before_failover_wrote()
    {
        OldDirectory.Unpack(OldDirectory.Step2, _data.FullPath);
        foreach (var name in Names)
            AssertSound(Path.Combine(_data.FullPath, name));

        var ports = FreePorts.Take(Names.Length);
        var nodes = new List<RunningNode>();
        try
        {
            for (var i = 0; i < Names.Length; i++)
                nodes.Add(await RunningNode.StartStoredAtAsync(Path.Combine(_data.FullPath, Names[i]), $"{OldDirectory.Settings}\n{ClusterSettings(Names[i], ports, i)}"));

            foreach (var node in nodes)
                await node.WhenStoredServesAsync(Patience);
            foreach (var node in nodes)
            {
                await UntilAsync(async () => (await DigestsAsync(node)).SequenceEqual(OldDirectory.Digests), "the replicas hold what they held");
                await AssertMarksAsync(node, Consistency.Any);
            }

            await UntilAsync(() => TryMarkAsync(nodes[1], new MarkRequest { User = 70, Channel = 1, UpTo = 3 }), () => $"they take writes: {string.Join("; ", nodes.Select(Say))}");
            foreach (var name in Names)
                Assert.True(File.Exists(new DataDirectory(Path.Combine(_data.FullPath, name)).GuardJournalPath), $"{name} keeps its promises in a journal from now on");
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }

    public void Dispose() => _data.Dispose();

    private static void AssertSound(string root)
    {
        for (var i = 0; i < OldDirectory.Partitions; i++)
        {
            var files = new DataDirectory(root).Partition(new PartitionId(i));
            var report = WalVerifier.Verify(files.WalPath, files.DurableMarkPath, PosixDisk.Instance);
            Assert.Equal(new WalVerdict.Sound(new Lsn(OldDirectory.Ends[i])), report.Verdict);
            Assert.Empty(ReplicaMarks.Read(files, new DataDirectory(root), report, PosixDisk.Instance).Damage);
            Assert.Equal(2, Directory.GetFiles(files.SnapshotsPath, "*.snap").Length);
        }
    }

    private static async Task<bool> TryMarkAsync(RunningNode node, MarkRequest mark)
    {
        try
        {
            await node.ReadStatus.MarkAsync(mark);
            return true;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            return false;
        }
    }

    // Of several the answer is none while another replica is about to lead.
    private static async Task<List<ulong?>> DigestsAsync(RunningNode node)
    {
        var digests = new List<ulong?>();
        foreach (var partition in node.Services.GetRequiredService<BitArkNode>().Partitions)
            digests.Add((await partition.DigestAsync(Lsn.Zero, CancellationToken.None) as DigestOutcome.Computed)?.Digest);
        return digests;
    }

    private static async Task AssertMarksAsync(RunningNode node, Consistency consistency = Consistency.Leader)
    {
        for (var user = 1L; user <= OldDirectory.Users; user++)
        {
            Assert.Equal(OldDirectory.RangesIn1(user), await RangesAsync(node, user, 1, consistency));
            Assert.Equal(OldDirectory.RangesIn2(user), await RangesAsync(node, user, 2, consistency));
        }

        for (var user = 1L; user <= 6; user++)
            Assert.Equal(user <= 5 ? [(7L, 7L)] : [], await RangesAsync(node, user, 1, consistency, "other"));
        Assert.Equal(Enumerable.Range(1, 7).Select(i => (2L * i, 2L * i)), await RangesAsync(node, 61, 3, consistency));
    }

    private static async Task<IEnumerable<(long From, long To)>> RangesAsync(RunningNode node, long user, long channel, Consistency consistency, string ns = "") =>
        (await node.ReadStatus.ReadStateAsync(new ReadStateRequest { Namespace = ns, User = user, Channel = channel, MaxRanges = 10_000, Consistency = consistency })).Ranges.Select(range => (range.From, range.To));

    private static string ClusterSettings(string name, int[] ports, int which) =>
        $$"""
        bitark {
          node-name = {{name}}, replication-factor = 3, failover.profile = fast
          cluster { expected-nodes = 3, form-after = 2s, seed-nodes = [{{string.Join(",", ports.Select(port => $"\"127.0.0.1:{port}\""))}}] }
        }
        akka.cluster.failure-detector.acceptable-heartbeat-pause = 5s
        akka.remote.dot-netty.tcp.port = {{ports[which].ToString(CultureInfo.InvariantCulture)}}
        """;

    private static string Say(RunningNode running)
    {
        var node = running.Services.GetRequiredService<BitArkNode>();
        return $"{node.NodeName} sees {string.Join(",", node.Directory.Nodes.Values)}, coordinator {node.Coordinator}, rebuilt {node.Rebuilds} times, {string.Join(" ", node.Partitions.Select(partition => $"{partition.Phase} of {partition.Leadership}"))}";
    }

    private static Task UntilAsync(Func<Task<bool>> condition, string what) => UntilAsync(condition, () => what);

    private static async Task UntilAsync(Func<Task<bool>> condition, Func<string> what)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"It never came true that {what()}.");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}

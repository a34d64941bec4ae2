using System.Globalization;
using BitArk.Cluster.Guards;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using Microsoft.Data.Sqlite;

namespace BitArk.Node.Tests.EndToEnd;

/// <summary>Promises of three processes over a real journal each, when all of them are killed.</summary>
public sealed class GuardProcessSpecs : IDisposable
{
    private static readonly string[] Names = ["node1", "node2", "node3"];
    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task Should_have_every_promise_in_both_places_when_all_were_killed_and_started_again()
    {
        var ports = FreePorts.Take(Names.Length);
        var nodes = await StartAsync(ports);
        await KillAsync(nodes);
        var before = Names.Select(Read).ToList();

        // Answered by a majority, or nobody would lead; where it was not answered the mark may be behind.
        Assert.True(before.Count(found => found.Mark.Epoch > Epoch.None && found.Agrees) >= 2, string.Join("; ", before));
        Assert.All(before, found => Assert.True(found.Journal is null ? found.Mark == EpochPromise.None : found.Journal.Epoch >= found.Mark.Epoch, found.ToString()));

        nodes = await StartAsync(ports);
        await KillAsync(nodes);
        var after = Names.Select(Read).ToList();
        for (var i = 0; i < Names.Length; i++)
        {
            Assert.True(after[i].Journal!.Epoch >= (before[i].Journal?.Epoch ?? Epoch.None), $"{before[i]} -> {after[i]}");
            Assert.True(after[i].Mark.Epoch >= before[i].Mark.Epoch, $"{before[i]} -> {after[i]}");
        }

        Assert.True(after.Count(found => found.Mark.Epoch > before.Max(each => each.Mark.Epoch) && found.Agrees) >= 2, string.Join("; ", after));
    }

    [Fact]
    public async Task Should_load_no_database_when_it_is_alone()
    {
        using var node = NodeUnderTest.Start(_data.FullPath);
        await node.WhenReadyAsync();
        var loaded = await File.ReadAllTextAsync($"/proc/{node.ProcessId}/maps");
        Assert.DoesNotContain("sqlite", loaded, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Akka.Persistence", loaded, StringComparison.OrdinalIgnoreCase);
        Assert.False(Directory.Exists(new DataDirectory(_data.FullPath).GuardsPath));
    }

    public void Dispose() => _data.Dispose();

    private string PathOf(string name) => Path.Combine(_data.FullPath, name);

    private async Task<List<NodeUnderTest>> StartAsync(int[] ports)
    {
        var seeds = string.Join(",", ports.Select(port => $"\"127.0.0.1:{port}\""));
        var nodes = Names.Select((name, i) => NodeUnderTest.Start(
            PathOf(name),
            "--set", $"bitark.node-name={name}",
            "--set", "bitark.replication-factor=3",
            "--set", "bitark.cluster.expected-nodes=3",
            "--set", $"bitark.cluster.seed-nodes=[{seeds}]",
            "--set", "bitark.resp.port=0",
            "--set", $"akka.remote.dot-netty.tcp.port={ports[i].ToString(CultureInfo.InvariantCulture)}")).ToList();
        await Task.WhenAll(nodes.Select(node => node.WhenReadyAsync()));
        await WhenLedAsync(nodes[0]);
        return nodes;
    }

    // Followers are ready before anybody leads: they answer reads by themselves.
    private static async Task WhenLedAsync(NodeUnderTest node)
    {
        using var client = node.Client();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!(await client.GetStringAsync(new Uri("/v1/cluster", UriKind.Relative), deadline.Token)).Contains("\"leader\":\"node", StringComparison.Ordinal))
            await timer.WaitForNextTickAsync(deadline.Token);
    }

    private static async Task KillAsync(List<NodeUnderTest> nodes)
    {
        await Task.WhenAll(nodes.Select(node => node.KillAsync()));
        foreach (var node in nodes)
            node.Dispose();
    }

    private Found Read(string name)
    {
        var layout = new DataDirectory(PathOf(name));
        Assert.True(NodeMeta.TryRead(File.ReadAllBytes(layout.NodeMetaPath), out var meta, out var reason), reason);
        var mark = ReplicaStore.TryReadPromise(new ReplicaOptions { Layout = layout, Meta = meta!, Partition = default, IsOneOfSeveral = true }, PosixDisk.Instance);
        return new Found(mark!, ReadJournal(layout, meta!.ClusterId));
    }

    private static EpochPromise? ReadJournal(DataDirectory layout, ClusterId cluster)
    {
        using var connection = new SqliteConnection($"{GuardJournal.ConnectionTo(layout)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT message FROM journal WHERE persistence_id = $id AND deleted = 0 ORDER BY sequence_number DESC LIMIT 1";
        command.Parameters.AddWithValue("$id", GuardJournal.PersistenceIdOf(cluster, default));
        if (command.ExecuteScalar() is not byte[] bytes)
            return null;
        Assert.True(EpochPromised.TryRead(bytes, out var promised, out var reason), reason);
        return new EpochPromise(promised.Epoch, promised.Proposer);
    }

    private sealed record Found(EpochPromise Mark, EpochPromise? Journal)
    {
        // Who leads has spent its promise: the mark names nobody any more.
        public bool Agrees => Journal?.Epoch == Mark.Epoch && (Mark.Proposer == Guid.Empty || Journal.Proposer == Mark.Proposer);
    }
}

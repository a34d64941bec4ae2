using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Creation;
using BitArk.Cluster.Membership;

namespace BitArk.Cluster.Tests.Support;

/// <summary>One node of a <see cref="ClusterFixture"/>: stopped or running.</summary>
internal sealed class ClusterNode(string name, string dataDirectory)
{
    private const string Common =
        """
        bitark {
          partitions = 4
          http.port = 0
          grpc.port = -1
          resp.port = 0
          wal { segment-bytes = 64 KiB, disk-floor-bytes = 0 }
          sessions { window = 8, max-bytes = 256 KiB }
          failover.profile = fast
        }
        akka {
          loglevel = INFO
          loggers = ["Akka.Event.TraceLogger, Akka"]
          remote.dot-netty.tcp.applied-adapters = ["trttl"]

          # Of machines that do too much at once.
          cluster.failure-detector.acceptable-heartbeat-pause = 2s
          coordinated-shutdown.phases { cluster-leave.timeout = 3s, cluster-exiting.timeout = 3s, cluster-exiting-done.timeout = 2s }
        }
        """;

    private BitArkNode? _node;

    public string DataDirectory => dataDirectory;

    public bool IsRunning => _node is not null;

    public int Port { get; set; }

    public BitArkNode Node => _node ?? throw new InvalidOperationException($"{name} does not run.");

    public ActorSystem System => Node.OwnSystem;

    public Address Address => Akka.Cluster.Cluster.Get(System).SelfAddress;

    /// <summary>What it logged at Warning and above since it was started.</summary>
    public ConcurrentQueue<string> Warnings { get; } = new();

    public string Waits => Node.Partitions[0].Phase is PartitionPhase.Recovering recovering ? recovering.Activity : "";

    public void Start(string hocon)
    {
        var settings = SettingsLoader.FromHocon(
            $"{Common}\nbitark {{ node-name = {name}, data-dir = \"{dataDirectory}\" }}\nakka.remote.dot-netty.tcp.port = {Port}\n{hocon}");
        Warnings.Clear();
        var node = new BitArkNode(settings);
        try
        {
            node.Begin();
        }
        catch
        {
            node.DisposeAsync().AsTask().Wait(ClusterFixture.Patience);
            throw;
        }

        _node = node;
        Port = Address.Port!.Value;
        var tap = System.ActorOf(Props.Create(() => new LogTap(Warnings)));
        System.EventStream.Subscribe(tap, typeof(Warning));
        System.EventStream.Subscribe(tap, typeof(Error));
    }

    public async Task<ClusterLayout> WhenFormedAsync()
    {
        await Task.WhenAny(Node.WhenFormed, Node.Failure).WaitAsync(ClusterFixture.Patience);
        Assert.True(Node.WhenFormed.IsCompleted, $"{name}: {(Node.Failure.IsCompleted ? (await Node.Failure).ToString() : Waits)}");
        return await Node.WhenFormed;
    }

    public async Task<string> WhenFailedAsync() => (await Node.Failure.WaitAsync(ClusterFixture.Patience)).Reason;

    public async Task WhenSeesAsync(Func<IReadOnlyDictionary<NodeId, DirectoryEntry>, bool> condition, string what)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var directory = Node.Directory;
        directory.Changed += Look;
        try
        {
            Look();
            await seen.Task.WaitAsync(ClusterFixture.Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{name} never saw that {what}: {string.Join("; ", directory.Nodes.Values)}");
        }
        finally
        {
            directory.Changed -= Look;
        }

        void Look()
        {
            if (condition(directory.Nodes))
                seen.TrySetResult();
        }
    }

    /// <summary>Leaves the cluster and ends.</summary>
    public async Task StopAsync()
    {
        if (_node is not { } node)
            return;

        _node = null;
        await node.DisposeAsync().AsTask().WaitAsync(ClusterFixture.Patience);
    }

    /// <summary>Ends without a word to the others, as a process that is killed; only its files are closed.</summary>
    public async Task KillAsync()
    {
        if (_node is not { } node)
            return;

        await node.StopPartitionsAsync(ClusterFixture.Patience);

        // The guardian's end is the system's; no phase of the shutdown runs for it.
        ((ExtendedActorSystem)node.OwnSystem).Guardian.Stop();
        await node.OwnSystem.WhenTerminated.WaitAsync(ClusterFixture.Patience);
        await StopAsync();
    }

    public void Wipe() => Directory.Delete(dataDirectory, recursive: true);

    private sealed class LogTap : ReceiveActor
    {
        public LogTap(ConcurrentQueue<string> lines) => Receive<LogEvent>(line => lines.Enqueue($"{line.LogSource} {line.Message} {line.Cause?.Message}"));
    }
}

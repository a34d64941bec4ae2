using System.Net;
using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Creation;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Membership;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Serialization;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Cluster;

// A node of a cluster: the directory is locked first, but opened only when it is known which cluster it belongs to. With
// a binding layout in the directory that is at once, whoever else is there.
public sealed partial class BitArkNode
{
    private const int AuditLinesSaid = 16;

    private readonly Lock _forming = new();
    private readonly TaskCompletionSource<ClusterLayout> _formed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OwnFacts _own;
    private HeldDirectory? _held;
    private ActorSystem? _system;
    private volatile IActorRef? _membership;
    private readonly LayoutDirectory _views;
    private volatile bool _hasEnded;
    private volatile bool _hasGuards;

    /// <summary>Where the nodes of the cluster are; empty on a node that is alone.</summary>
    public ClusterDirectory Directory { get; } = new();

    /// <inheritdoc/>
    INodeDirectory? IReadStatusNode.Directory => _settings.Cluster.HasPeers ? _views : null;

    /// <summary>Who holds what; null on a node that is alone, and until it is known.</summary>
    public ClusterLayout? Layout => _own.Meta is { IsBinding: true } meta ? meta.Layout : null;

    /// <summary>Completes when the layout is binding here and the directory is open in its cluster. Never on a node that is alone.</summary>
    public Task<ClusterLayout> WhenFormed => _formed.Task;

    /// <summary>Whether this node came to its cluster with an empty directory after the cluster had been created: it lost what it may have held.</summary>
    public bool HasJoinedLater => _own.Meta?.Stage is LayoutStage.Joined;

    /// <summary>Tells the other nodes on which port gRPC listens, once it does; 0: it does not.</summary>
    public void AnnounceGrpc(int port)
    {
        if (port == 0)
            return;

        var host = _settings.Cluster.AdvertisedHost;
        _own.GrpcAuthority = IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port).ToString() : $"{host}:{port}";
        _membership?.Tell(MembershipProtocol.Announce.Instance);
    }

    private void Hold(string root, CreationSettings creation)
    {
        _held = HeldDirectory.Take(root, creation, _disk);
        var meta = ClusterMetaFile.Read(_held.Layout, _disk);
        if (_held.Meta is { } marker && meta is not { IsBinding: true })
        {
            throw new DataDirectoryException(
                DataDirectoryProblem.ClusterMismatch,
                root,
                $"The data directory '{root}' is of cluster {marker.ClusterId}, which has no layout of several nodes there ('{ClusterMetaFile.Name}'): it was created by a node alone, or the file was lost. Set bitark.cluster.expected-nodes = 1, restore the file, or set another bitark.data-dir.");
        }

        if (meta is { IsBinding: true })
        {
            if (CreationRules.Misfit(_own.Name, _own.Terms, meta.Layout) is { } misfit)
                throw new DataDirectoryException(DataDirectoryProblem.SettingMismatch, root, $"The data directory '{root}' does not fit the settings: {misfit}.");

            OpenIn(_held, meta);
        }

        _own.Meta = meta;
    }

    // A cluster's directory under a node alone would go on without asking anybody.
    private void RefuseLayout(DataDirectory layout)
    {
        if (ClusterMetaFile.Read(layout, _disk) is { } meta)
        {
            throw new DataDirectoryException(
                DataDirectoryProblem.SettingMismatch,
                layout.Root,
                $"bitark.cluster.expected-nodes is 1, but the data directory '{layout.Root}' is of cluster {meta.Layout.ClusterId} of {string.Join(", ", meta.Layout.Nodes)}. Set bitark.cluster.expected-nodes = {meta.Layout.Nodes.Count}, or another bitark.data-dir.");
        }
    }

    private void OpenIn(HeldDirectory held, ClusterMeta meta)
    {
        _directory = held.Open(meta.Layout.ClusterId);
        _own.Incarnation = _directory.Meta.Incarnation;
    }

    private void StartMembership(ActorSystem system)
    {
        var held = _held ?? throw new InvalidOperationException("The node has not been opened.");
        if (_directory is not null)
            StartHosted(system);

        var creation = system.ActorOf(
            CreationActor.Props(new CreationEnvironment
            {
                Own = _own,
                Time = _time,
                Write = meta => ClusterMetaFile.Write(held.Layout, meta, _disk),
                Agreed = OnAgreed,
                Waits = text => Publish(new PartitionPhase.Recovering(0, text)),
                Refused = OnRefused,
            }),
            "bitark-creation");
        var environment = new MembershipEnvironment
        {
            Own = _own,
            SeedNodes = _settings.Cluster.SeedNodes,
            FormAfter = _settings.Cluster.FormAfter,
            Directory = Directory,
            Creation = creation,
            Refused = OnRefused,
            GiveWay = () => _ = system.Terminate(),
            Silence = _silence,
            Time = _time,
        };
        _membership = system.ActorOf(MembershipActor.Props(environment), MembershipProtocol.ActorName);
    }

    private void OnAgreed(ClusterMeta meta)
    {
        _membership?.Tell(MembershipProtocol.Announce.Instance);
        if (meta.IsBinding)
            _ = Background.Run(() => Form(meta));
    }

    private bool Form(ClusterMeta meta)
    {
        try
        {
            lock (_forming)
            {
                if (_hasEnded || _directory is not null)
                    return false;

                OpenIn(_held!, meta);

                // One that is ending takes no actors any more; the next one begins with them.
                if (CoordinatedShutdown.Get(_system!).ShutdownReason is null)
                    StartHosted(_system!);
            }

            _membership?.Tell(MembershipProtocol.Announce.Instance);
            return true;
        }
        catch (Exception e)
        {
            // Whatever it is: nobody waits for this thread, and the node would be forming for ever.
            OnRefused(e is IOException ? e.Message : $"this node could not be started in its cluster: {e.Message}");
            return false;
        }
    }

    private void StartHosted(ActorSystem system)
    {
        var layout = Layout ?? throw new InvalidOperationException("The layout is not known.");
        WireIdentity.Of(system).Cluster = layout.ClusterId;
        if (!PrepareGuards(system, layout))
            return;

        SayWhatWasAccepted(system);

        foreach (var status in _statuses)
        {
            status.ReplicaNodes = layout.ReplicasOf(status.Id).Members;
            if (layout.Hosts(_own.Name, status.Id))
            {
                Start(status, system);
                continue;
            }

            // Nobody else can lead the only replica there is.
            if (status.ReplicaNodes is [var sole])
                status.Leadership = new Leadership(sole, Epoch.None, IsLocal: false);
            status.Phase = new PartitionPhase.Elsewhere();
        }

        StartFailover(system, layout);
        _formed.TrySetResult(layout);
    }

    // A journal that cannot be opened says nothing about what was promised, so nothing may be started without it.
    private bool PrepareGuards(ActorSystem system, ClusterLayout layout)
    {
        if (!_statuses.Any(status => layout.Hosts(_own.Name, status.Id) && layout.ReplicasOf(status.Id).Members.Count > 1))
            return true;

        try
        {
            var files = _directory!.Layout;
            if (GuardJournalFile.Prepare(files, _disk) is { } damage)
            {
                Logging.GetLogger(system, typeof(BitArkNode)).Error(
                    "The journal of promises '{0}' is damaged ({1}) and was set aside. Every replica here that had promises in it is damaged, and will be repaired from its leader.", files.GuardJournalPath, damage);
            }

            _hasGuards = true;
            return true;
        }
        catch (IOException e)
        {
            OnRefused(e.Message);
            return false;
        }
    }

    // Whoever reads the log of a node is to know that what it holds was made the truth by an operator.
    private void SayWhatWasAccepted(ActorSystem system)
    {
        var logger = Logging.GetLogger(system, typeof(BitArkNode));
        var files = _directory!.Layout;
        try
        {
            foreach (var line in RecoveryAudit.Read(files, AuditLinesSaid, _disk))
                logger.Warning("Recovered by an operator ({0}): {1}", files.RecoveryAuditPath, line);
        }
        catch (DiskException e)
        {
            logger.Warning("'{0}' cannot be read: {1}", files.RecoveryAuditPath, e.Message);
        }
    }

    private void Publish(PartitionPhase phase)
    {
        foreach (var status in _statuses)
            status.Phase = phase;
    }

    // Nothing is opened or built any more after this.
    private void EndForming()
    {
        lock (_forming)
            _hasEnded = true;

        _ending.Cancel();
    }

    private void OnRefused(string reason) => _failure.TrySetResult(new NodeFailure(null, reason));
}

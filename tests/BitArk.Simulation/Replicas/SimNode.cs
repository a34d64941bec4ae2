using BitArk.Simulation.Disk;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Replicas;

/// <summary>A machine: its disk, which outlives its processes, and the process that runs on it at the moment, if one does.</summary>
internal sealed class SimNode(World world, int index)
{
    private static readonly LogGeometry Geometry = new(SimSettings.SegmentBytes);

    private readonly List<Action> _held = [];
    private readonly List<(Lsn At, byte Mask)> _flips = [];
    private readonly double _pace = 0.96 + (0.08 * world.Random.NextDouble());
    private byte[]? _markBefore;
    private bool _isRotten;
    private bool _isRejoining;

    /// <summary>0 … nodes - 1.</summary>
    public int Index { get; } = index;

    /// <summary>Its name in the replica set.</summary>
    public NodeId Id { get; } = new("n" + index);

    /// <summary>What is on its disk.</summary>
    public MemoryDisk Disk { get; private set; } = new();

    /// <summary>Whether its disk was lost: the replica on the new one is a learner at first.</summary>
    public bool HasLostDisk { get; private set; }

    /// <summary>The coordinator in its process; null: there is none.</summary>
    public SimCoordinator? Coordinator { get; private set; }

    /// <summary>Its clock, which goes on while it hangs: seconds a little longer or shorter than others'.</summary>
    public TimeSpan Clock => world.Queue.Now * _pace;

    /// <summary>The process; null while it is down.</summary>
    public SimReplica? Replica { get; private set; }

    /// <summary>Counts its processes.</summary>
    public int Run { get; private set; }

    /// <summary>Whether the process hangs: what would happen in it waits.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Whether it stays down for a while when it ends.</summary>
    public bool IsHeldDown { get; set; }

    /// <summary>By how much each sync of its disk takes longer.</summary>
    public TimeSpan SyncDelay { get; set; }

    /// <summary>The highest commit seen of this process.</summary>
    public Lsn SeenCommit { get; set; }

    /// <summary>Whether bytes of its disk were flipped and not replaced since: it may have lost what it had.</summary>
    public bool IsExcused => _isRotten || _isRejoining;

    /// <summary>Whether it found its bytes to be bad and waits for a full sync.</summary>
    public bool IsDamaged => Replica is { IsDamaged: true };

    /// <summary>Where its files are.</summary>
    public PartitionDirectory Directory { get; } = new DataDirectory($"/n{index}").Partition(World.Partition);

    /// <summary>Whether a replica has once begun on its disk; what is lost before that is nothing.</summary>
    public bool HasReplicaOnDisk => Disk.FileExists(new DataDirectory($"/n{Index}").CreatedRecordPath(World.Partition));

    /// <summary>Begins a process on the disk as it is.</summary>
    public void Start()
    {
        Run++;
        SeenCommit = Lsn.Zero;
        world.Trace.Add(Index, "start", Run);
        var disk = new SimDisk(Disk);
        if (world.Random.Chance(world.Nemesis.RecoveryCrash))
            disk.EndAfter(world.Random.Below(40));
        Guarded(() =>
        {
            Replica = new SimReplica(world, this, disk);
            Replica.Begin();
        });
    }

    /// <summary>Ends the process; a power cut takes what was not synced along, or parts of it.</summary>
    public void Crash(bool isPowerCut)
    {
        if (Replica is not { } replica)
            return;
        world.Counters.Crashes++;
        world.Trace.Add(Index, isPowerCut ? "power cut" : "killed");
        if (replica.IsSyncUnderWay)
            replica.EndInsideSync(world.Random.Below(4));
        End(isPowerCut);
    }

    /// <summary>Holds up everything that would happen in the process.</summary>
    public void Pause() => IsPaused = true;

    /// <summary>Lets it go on.</summary>
    public void Resume()
    {
        IsPaused = false;
        var held = _held.ToArray();
        _held.Clear();
        foreach (var happens in held)
            happens();
    }

    /// <summary>Something happens in the process that is running now, later.</summary>
    public void After(TimeSpan delay, Action happens)
    {
        var run = Run;
        world.Queue.After(delay, () => Happen(run, happens));
    }

    /// <summary>The same after a time by its own clock.</summary>
    public void AfterOwnTime(TimeSpan delay, Action happens) => After(delay / _pace, happens);

    /// <summary>A read arrives.</summary>
    public void Read(Lsn needed) => Happen(Run, () => Replica!.Read(needed));

    /// <summary>A coordinator begins in its process, if one runs.</summary>
    public void Coordinate() => Happen(Run, () => Coordinator ??= new SimCoordinator(world, this));

    /// <summary>It ends.</summary>
    public void EndCoordinator()
    {
        Coordinator?.End();
        Coordinator = null;
    }

    /// <summary>The disk is gone with all that was on it; another one is put in its place.</summary>
    public void LoseDisk()
    {
        Crash(isPowerCut: true);
        Disk = new MemoryDisk();
        _flips.Clear();
        (HasLostDisk, _isRotten, _isRejoining) = (true, false, true);
        world.Counters.LostDisks++;
        world.Trace.Add(Index, "disk lost");
        world.Safety.Leadership.Forgotten(this);
    }

    /// <summary>The files of the replica are gone, and nothing else of the disk is.</summary>
    public void LoseReplica()
    {
        Crash(isPowerCut: true);
        Disk.Lose(Directory.Root);
        _flips.Clear();
        (_isRotten, _isRejoining) = (false, true);
        world.Counters.LostReplicas++;
        world.Trace.Add(Index, "replica lost");
        world.Safety.Leadership.Forgotten(this);
    }

    /// <summary>A client's write arrives; said is whether it is safe, or nothing ever.</summary>
    public void Submit(Clients.ClientWrite write, Action<bool> said) => Happen(Run, () => Replica!.Submit(write, said));

    /// <summary>A frame arrives.</summary>
    public void Arrive(int from, byte[] frame) => Happen(Run, () => Replica!.Receive(from, frame));

    /// <summary>Reads the disk past the process.</summary>
    public bool TryPeek(Lsn at, Span<byte> into)
    {
        var path = Path.Combine(Directory.WalPath, LogGeometry.SegmentName(Geometry.SegmentIndex(at)));
        if (!Disk.FileExists(path))
            return false;
        using var file = Disk.Open(path, DiskOpenMode.Read);
        return file.Read(Geometry.SegmentOffset(at), into) == into.Length;
    }

    /// <summary>The log base of what is on the disk; null when there is none to be read.</summary>
    public Lsn? MinRetainedOnDisk()
    {
        if (Replica is { IsDamaged: false } replica)
            return replica.MinRetainedLsn;
        if (!Disk.FileExists(Directory.DurableMarkPath))
            return null;
        try
        {
            return DurableMarkFile.Read(Directory.DurableMarkPath, Disk).LogBase;
        }
        catch (WalException)
        {
            return null;
        }
    }

    /// <summary>Flips a bit at rest.</summary>
    public void Flip(string path, int bit)
    {
        Disk.Corrupt(path, bytes => bytes[bit / 8] ^= (byte)(1 << (bit % 8)));
        _isRotten = true;
        world.Counters.DiskFlips++;
        world.Trace.Add(Index, "disk flip in " + Path.GetFileName(path), bit / 8, bit % 8);
        if (!path.EndsWith(".wal", StringComparison.Ordinal))
            return;
        var name = Path.GetFileNameWithoutExtension(path);
        var at = new Lsn((Convert.ToInt64(name, 16) * SimSettings.SegmentBytes) + (bit / 8));
        _flips.Add((at, (byte)(1 << (bit % 8))));
    }

    /// <summary>Bits flipped in its log: where, and which.</summary>
    public IReadOnlyList<(Lsn At, byte Mask)> Flips => _flips;

    /// <summary>Whether a bit was flipped between two positions of the log.</summary>
    public bool HasFlipIn(Lsn from, Lsn to) => _flips.Exists(flip => flip.At >= from && flip.At < to);

    /// <summary>A full sync has replaced everything.</summary>
    public void Repaired(bool isRejoining)
    {
        _flips.Clear();
        (_isRotten, _isRejoining) = (false, isRejoining);
        world.Nemesis.Repaired(this);
    }

    /// <summary>Planted: what is promised next is forgotten when the process ends.</summary>
    public void KeepMark() => Disk.Corrupt(Directory.EpochMarkPath, bytes => _markBefore ??= [.. bytes]);

    /// <summary>It has caught up after a repair.</summary>
    public void Rejoined() => _isRejoining = false;

    /// <inheritdoc/>
    public override string ToString() => "node" + Index;

    // What happens belongs to one process: it is gone with it, and waits while it hangs.
    private void Happen(int run, Action happens)
    {
        if (run != Run || Replica is null)
            return;
        if (IsPaused)
            _held.Add(() => Happen(run, happens));
        else
            Guarded(happens);
    }

    private void Guarded(Action happens)
    {
        try
        {
            happens();
        }
        catch (Exception e) when (e is ProcessEndedException or DiskException or WalFailedException)
        {
            // A failed write or sync is final: the process ends, and begins again on what the disk really has.
            world.Trace.Add(Index, "process ends: " + e.GetType().Name);
            world.Counters.Crashes++;
            if (e is DiskException)
                world.Counters.FailedSyncs++;
            End(isPowerCut: e is ProcessEndedException && world.Random.Chance(0.5));
        }
    }

    private void End(bool isPowerCut)
    {
        EndCoordinator();
        Replica?.Stop();
        Replica = null;
        IsPaused = false;
        _held.Clear();
        Run++;
        if (isPowerCut)
            Disk.CutPower(world.Random.Below(int.MaxValue));
        if (_markBefore is { } mark)
            Disk.Corrupt(Directory.EpochMarkPath, bytes => mark.CopyTo(bytes, 0));
        _markBefore = null;
        world.NodeEnded(this);
    }
}

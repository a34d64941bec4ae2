using BitArk.Replication.Failover;
using BitArk.Simulation.Engine;

namespace BitArk.Simulation;

/// <summary>The settings of one run's cluster, small enough that everything happens often. Most are drawn from the seed.</summary>
internal sealed record SimSettings
{
    /// <summary>The size of a segment: the smallest there is.</summary>
    public const long SegmentBytes = 64 * 1024;

    /// <summary>Replicas.</summary>
    public required int Nodes { get; init; }

    /// <summary>How long clients write under faults.</summary>
    public required TimeSpan Faulty { get; init; }

    /// <summary>A snapshot after so many bytes of log.</summary>
    public required long SnapshotEveryBytes { get; init; }

    /// <summary>Whether a follower far behind holds the log back all the same.</summary>
    public required bool IsConservative { get; init; }

    /// <summary>Further behind than this, a follower becomes outdated (windowed).</summary>
    public required long MaxLagBytes { get; init; }

    /// <summary>Behind for longer than this, a follower becomes outdated (windowed).</summary>
    public required TimeSpan MaxLagTime { get; init; }

    /// <summary>Bytes in flight to one follower.</summary>
    public required int WindowBytes { get; init; }

    /// <summary>Bytes of one batch.</summary>
    public required int BatchBytes { get; init; }

    /// <summary>Bytes of one chunk of a snapshot.</summary>
    public required int ChunkBytes { get; init; }

    /// <summary>Log kept in memory.</summary>
    public required int TailBytes { get; init; }

    /// <summary>Operations of one write at most.</summary>
    public required int MaxOperations { get; init; }

    /// <summary>Between two writes of one client at most.</summary>
    public required TimeSpan ClientPause { get; init; }

    /// <summary>How long a client waits for an answer.</summary>
    public TimeSpan ClientPatience { get; init; } = TimeSpan.FromMilliseconds(900);

    /// <summary>How long an fsync takes at most.</summary>
    public required TimeSpan SlowestSync { get; init; }

    /// <summary>How long a majority's echo lets a leader answer alone.</summary>
    public required LeaseTerms Lease { get; init; }

    /// <summary>How patient coordinators are.</summary>
    public required FailoverTiming Failover { get; init; }

    /// <summary>Leader to follower at least this often, and back.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Silence after which a follower is dead.</summary>
    public TimeSpan DeadAfter { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>A window full for this long makes a follower slow.</summary>
    public TimeSpan SlowAfter { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>How long a leader keeps a snapshot for a transfer that rests.</summary>
    public TimeSpan PinTimeout { get; init; } = TimeSpan.FromMilliseconds(1_500);

    /// <summary>Between two looks of the collector.</summary>
    public TimeSpan CollectEvery { get; init; } = TimeSpan.FromMilliseconds(120);

    /// <summary>Between two writes of the durable mark.</summary>
    public TimeSpan MarkEvery { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>One of many clusters.</summary>
    public static SimSettings Draw(SimRandom random) => new()
    {
        Nodes = random.Chance(0.8) ? 3 : 5,
        Faulty = TimeSpan.FromMilliseconds(random.Between(3_000, 7_000)),
        SnapshotEveryBytes = random.Between(24, 110) * 1024,
        IsConservative = random.Chance(0.4),
        MaxLagBytes = random.Between(48, 256) * 1024,
        MaxLagTime = TimeSpan.FromMilliseconds(random.Between(500, 3_000)),
        WindowBytes = random.Between(8, 96) * 1024,
        BatchBytes = random.Between(1, 24) * 1024,
        ChunkBytes = random.Between(2, 24) * 1024,
        TailBytes = random.Between(4, 64) * 1024,
        MaxOperations = random.Between(10, 220),
        ClientPause = TimeSpan.FromMilliseconds(random.Between(8, 60)),
        SlowestSync = TimeSpan.FromMilliseconds(random.Between(1, random.Chance(0.7) ? 20 : 120)),
        Lease = new LeaseTerms(TimeSpan.FromMilliseconds(random.Between(60, 500))),
        Failover = new FailoverTiming
        {
            SilentAfter = TimeSpan.FromMilliseconds(random.Between(120, 500)),
            RepeatAfter = TimeSpan.FromMilliseconds(random.Between(20, 80)),
            ChooseAfter = TimeSpan.FromMilliseconds(random.Between(0, 40)),
            RoundTimeout = TimeSpan.FromMilliseconds(random.Between(100, 300)),
            ServeTimeout = TimeSpan.FromMilliseconds(random.Between(300, 900)),
            HandOverTimeout = TimeSpan.FromMilliseconds(random.Between(200, 800)),
            RetryFirst = TimeSpan.FromMilliseconds(random.Between(10, 60)),
        },
    };
}

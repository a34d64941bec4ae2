namespace BitArk.Chaos.Nodes;

/// <summary>How a node under test is started: everything small, so that a short run crosses many segments, snapshots and collections.</summary>
internal sealed record NodeSettings
{
    /// <summary>Its data directory.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Partitions of a new cluster.</summary>
    public int Partitions { get; init; } = 2;

    /// <summary>Bytes of one log segment.</summary>
    public int SegmentBytes { get; init; } = 64 << 10;

    /// <summary>Log bytes after which a snapshot is due.</summary>
    public int SnapshotEveryBytes { get; init; } = 64 << 10;

    /// <summary>Free bytes below which writes are refused.</summary>
    public int DiskFloorBytes { get; init; } = 1 << 20;

    /// <summary>Environment variables of the process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A program, with its arguments, that the node is run under.</summary>
    public IReadOnlyList<string> Wrapper { get; init; } = [];

    /// <summary>More settings, <c>key=value</c>; they win over those above.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>The arguments that say so.</summary>
    public IEnumerable<string> Arguments()
    {
        string[] settings =
        [
            $"bitark.data-dir=\"{DataDirectory}\"",
            "bitark.http.port=-1",
            "bitark.grpc.port=-1",
            $"bitark.partitions={Partitions}",
            $"bitark.wal.segment-bytes={SegmentBytes}",
            $"bitark.wal.disk-floor-bytes={DiskFloorBytes}",
            $"bitark.snapshot.every-bytes={SnapshotEveryBytes}",
            "bitark.namespaces={ default = 0, shop = 7 }",
            .. More,
        ];
        return settings.SelectMany(setting => new[] { "--set", setting });
    }
}

namespace BitArk.Cli.Replay;

/// <summary>How far a replay of a certain trace into a certain cluster has come: what the resume file keeps.</summary>
/// <param name="Trace">Fingerprint of the trace file.</param>
/// <param name="Cluster">Id of the cluster that acknowledged.</param>
/// <param name="Namespace">The namespace it was fed into; empty for "default".</param>
/// <param name="BatchSize">Reads per write; fixes which reads a sequence number stands for.</param>
/// <param name="Session">Session of exactly-once writes; 0: none.</param>
/// <param name="Reads">That many reads from the beginning are all acknowledged; reads behind them may be too.</param>
/// <param name="Changed">Ids whose state those reads changed, as the node reported it.</param>
/// <param name="IsExact">Whether that is the true sum: false once a write was repeated whose first answer is forgotten.</param>
internal sealed record ReplayPosition(
    TraceFingerprint Trace, string Cluster, string Namespace, int BatchSize, long Session, long Reads, long Changed, bool IsExact = true)
{
    /// <summary>Why a replay like <paramref name="wanted"/> can't go on from here; null when it can.</summary>
    public string? Conflict(ReplayPosition wanted) => this switch
    {
        _ when Trace != wanted.Trace => "it belongs to another trace file",
        _ when Cluster != wanted.Cluster => $"it belongs to cluster {Cluster}, the node to {wanted.Cluster}",
        _ when Namespace != wanted.Namespace => $"it belongs to namespace '{Namespace}'",
        _ when Session != 0 && BatchSize != wanted.BatchSize => $"its session was begun with --batch {BatchSize}",
        _ => null,
    };
}

/// <summary>Recognises a trace file: its length and XxHash3.</summary>
/// <param name="Bytes">Length of the file as it lies on disk.</param>
/// <param name="Hash">XxHash3 of those bytes.</param>
internal readonly record struct TraceFingerprint(long Bytes, ulong Hash)
{
    /// <summary>Reads the whole file once.</summary>
    public static TraceFingerprint OfFile(string path)
    {
        using var file = File.OpenRead(path);
        var hash = new System.IO.Hashing.XxHash3();
        hash.Append(file);
        return new TraceFingerprint(file.Length, hash.GetCurrentHashAsUInt64());
    }
}

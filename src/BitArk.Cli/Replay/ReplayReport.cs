using BitArk.Cli.Terminal;

namespace BitArk.Cli.Replay;

/// <summary>Everything a replay found out, and its one text form.</summary>
internal sealed record ReplayReport
{
    private const int ShownMismatches = 20;

    public required string TraceName { get; init; }

    public required TraceModel Model { get; init; }

    public required string Node { get; init; }

    public required ReplayPosition Start { get; init; }

    public required ReplayPosition End { get; init; }

    /// <summary>Marks behind <see cref="Start"/>, repeated ids counted each time.</summary>
    public required long MarksSent { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required int InFlight { get; init; }

    public required long Retries { get; init; }

    /// <summary>Null without <c>--verify</c>.</summary>
    public VerifyResult? Verified { get; init; }

    /// <summary>Read sets that differ, plus one when the count of changed ids must be exact and is not.</summary>
    public bool IsSound => (Verified?.Mismatches.Count ?? 0) == 0 && !ChangedIsWrong;

    private long ReadsSent => End.Reads - Start.Reads;

    private long BatchesSent => (ReadsSent + End.BatchSize - 1) / End.BatchSize;

    /// <summary>Checked under a session only: without one the node may have held some of the marks before, and that is fine.</summary>
    private bool ChangedIsWrong => End.Session != 0
        && (End.Changed > Model.DistinctMarks || (End.IsExact && End.Reads == Model.Reads && End.Changed != Model.DistinctMarks));

    /// <summary>Writes the report.</summary>
    public void WriteTo(TextWriter writer)
    {
        writer.WriteLine($"trace       {TraceName}: {Figures.Count(Model.Reads)} reads, {Figures.Count(Model.Posts)} posts, {Figures.Count(Model.Heads.Count)} channels, {Figures.Count(Model.UserCount)} users");
        writer.WriteLine($"node        {Node}");
        writer.WriteLine($"sent        {Figures.Count(ReadsSent)} operations ({Figures.Count(MarksSent)} marks) in {Figures.Count(BatchesSent)} writes of up to {Figures.Count(End.BatchSize)}, {InFlight} in flight{Resumed()}");
        writer.WriteLine($"took        {Figures.Seconds(Elapsed)}: {Figures.Rate(ReadsSent, Elapsed)} operations/s, {Figures.Rate(MarksSent, Elapsed)} marks/s, each acknowledged (durable and applied)");
        writer.WriteLine($"retries     {Figures.Count(Retries)}");
        writer.WriteLine($"changed     {Figures.Count(End.Changed)} ids by the node's count, {Figures.Count(Model.DistinctMarks)} in the model{ChangedVerdict()}");
        if (Verified is { } verified)
        {
            WriteVerdict(writer, verified);
        }
    }

    private void WriteVerdict(TextWriter writer, VerifyResult verified)
    {
        writer.WriteLine($"verified    {Figures.Count(verified.ReadSets)} read sets ({Figures.Count(Model.RangeCount)} ranges) and {Figures.Count(verified.EmptySets)} that must be empty: ranges, cursor, unread, first unread");
        writer.WriteLine($"mismatches  {Figures.Count(verified.Mismatches.Count)}");
        foreach (var mismatch in verified.Mismatches.OrderBy(each => each.User).ThenBy(each => each.Channel).Take(ShownMismatches))
        {
            writer.WriteLine(mismatch);
        }

        if (verified.Mismatches.Count > ShownMismatches)
        {
            writer.WriteLine($"… and {Figures.Count(verified.Mismatches.Count - ShownMismatches)} more");
        }
    }

    private string Resumed() => Start.Reads == 0 ? "" : $", resumed after operation {Figures.Count(Start.Reads)}";

    private string ChangedVerdict()
    {
        if (ChangedIsWrong)
        {
            return " DIFFERENT";
        }

        if (!End.IsExact)
        {
            return " (a repeated write whose answer is forgotten counts as 0; with --session the answers of small writes are kept)";
        }

        return End.Session == 0 ? "" : ", exactly once";
    }
}

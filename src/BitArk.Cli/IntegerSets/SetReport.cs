using BitArk.Cli.Terminal;

namespace BitArk.Cli.IntegerSets;

/// <summary>What loading a collection found out, and its text form.</summary>
internal sealed record SetReport
{
    private const int ShownMismatches = 20;

    public required string Name { get; init; }

    public required int Sets { get; init; }

    public required long Ids { get; init; }

    public required long Ranges { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required IReadOnlyList<SetCheck> Checks { get; init; }

    /// <summary>The node's memory before and after; null when it was not asked.</summary>
    public (long Before, long After)? Memory { get; init; }

    /// <summary>Whether every set came back as it was written.</summary>
    public bool IsSound => Checks.All(check => check.Mismatch is null);

    /// <summary>Writes the report.</summary>
    public void WriteTo(TextWriter writer)
    {
        var exported = Checks.Sum(check => check.ExportedBytes);
        writer.WriteLine($"collection  {Name}: {Figures.Count(Sets)} sets, {Figures.Count(Ids)} ids in {Figures.Count(Ranges)} ranges");
        writer.WriteLine($"loaded      in {Figures.Seconds(Elapsed)}: {Figures.Rate(Ids, Elapsed)} marks/s, each acknowledged (durable and applied)");
        writer.WriteLine($"exported    {Figures.Count(exported)} B of portable Roaring files, {Figures.Ratio(PerId(exported))} B/id, decoded and compared");
        if (Memory is { } memory)
        {
            writer.WriteLine($"memory      {Figures.Count(memory.After - memory.Before)} B more in the node (now {Figures.Count(memory.After)} B), {Figures.Ratio(PerId(memory.After - memory.Before))} B/mark");
        }

        var bad = Checks.Where(check => check.Mismatch is not null).ToArray();
        writer.WriteLine($"mismatches  {Figures.Count(bad.Length)}");
        foreach (var check in bad.Take(ShownMismatches))
        {
            writer.WriteLine($"MISMATCH {check.Name}: {check.Mismatch}");
        }
    }

    private double PerId(long bytes) => Ids == 0 ? 0 : (double)bytes / Ids;
}

using System.Text.Json;
using BitArk.Replication;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Runs;

/// <summary>
/// Keeps the tally of a long batch, so that it goes on where it stopped. Of one build only: what another has run says nothing of this one.
/// </summary>
internal static class TallyFile
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private static string Build => string.Join(' ', new[] { typeof(TallyFile), typeof(ReplicaSet), typeof(WriteAheadLog), typeof(Lsn) }.Select(type => type.Module.ModuleVersionId));

    /// <summary>What was kept, or an empty tally where nothing was.</summary>
    /// <exception cref="InvalidDataException">It is of another build or of other seeds, or no such file at all.</exception>
    public static Tally Read(string path, long from, int step)
    {
        if (!File.Exists(path))
            return new Tally { From = from, Step = step, Next = from };
        try
        {
            var kept = JsonSerializer.Deserialize<Kept>(File.ReadAllText(path), Json);
            if (kept is not { Tally: { } tally })
                throw new InvalidDataException($"'{path}' holds no batch's progress: name another file, or remove it");
            if (kept.Build != Build)
                throw new InvalidDataException($"'{path}' was begun with another build of the simulator or the product: remove it to begin again");
            if (tally.From != from || tally.Step != step)
                throw new InvalidDataException($"'{path}' is of seeds from {tally.From}, every {tally.Step}: name the same, or another file");
            return tally;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' holds no batch's progress ({e.Message}): name another file, or remove it", e);
        }
    }

    /// <summary>Keeps it. Whoever is ended in the middle leaves the one before.</summary>
    public static void Write(string path, Tally tally)
    {
        var temporary = path + ".tmp";
        File.WriteAllText(temporary, JsonSerializer.Serialize(new Kept(Build, tally), Json));
        File.Move(temporary, path, overwrite: true);
    }

    private sealed record Kept(string Build, Tally Tally);
}

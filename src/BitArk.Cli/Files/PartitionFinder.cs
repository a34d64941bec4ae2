using System.Globalization;
using BitArk.Cli.Terminal;
using BitArk.Storage.Replica;

namespace BitArk.Cli.Files;

/// <summary>Finds the partitions under the path a user gave: a node's data directory, or the directory of one partition (a copy of it, say).</summary>
internal static class PartitionFinder
{
    /// <summary>The folder of a data directory that the partitions are in.</summary>
    public const string PartitionsFolder = "partitions";

    /// <summary>The partitions, by number; only <paramref name="only"/> when it is given.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static IReadOnlyList<PartitionDirectory> Find(string path, int? only)
    {
        if (!Directory.Exists(path))
        {
            throw CliException.Usage($"{path}: no such directory");
        }

        var found = Candidates(path).Where(each => only is null || each.Partition.Value == only).OrderBy(each => each.Partition.Value).ToArray();
        return found.Length > 0
            ? found
            : throw CliException.Usage(only is null
                ? $"{path}: neither the data directory of a node nor the directory of a partition"
                : $"{path}: no partition {only} here");
    }

    private static IEnumerable<PartitionDirectory> Candidates(string path)
    {
        var folder = Path.Combine(path, PartitionsFolder);
        if (Directory.Exists(folder))
        {
            return Directory.EnumerateDirectories(folder).Select(Named).OfType<PartitionDirectory>();
        }

        var itself = Named(path) ?? new PartitionDirectory(path, new PartitionId(0));
        return Directory.Exists(itself.WalPath) || Directory.Exists(itself.SnapshotsPath) ? [itself] : [];
    }

    private static PartitionDirectory? Named(string path) =>
        int.TryParse(Path.GetFileName(Path.GetFullPath(path).TrimEnd('/')), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new PartitionDirectory(path, new PartitionId(id))
            : null;
}

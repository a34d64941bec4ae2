using System.Formats.Tar;
using System.IO.Compression;

namespace BitArk.Node.Tests.Upgrades;

/// <summary>
/// Data directories that builds of earlier steps wrote, one node alone and three that replicated, with the same writes: see <c>docs/testing.md</c>. What
/// those builds held in memory when they ended they said themselves.
/// </summary>
internal static class OldDirectory
{
    public const int Partitions = 3;
    public const int Users = 60;

    /// <summary>A node alone, of the build before replication.</summary>
    public const string Step1 = "step1.tar.br";

    /// <summary>Three nodes, of the build before leaders moved.</summary>
    public const string Step2 = "step2.tar.br";

    /// <summary>What the directories were created with.</summary>
    public const string Settings =
        """
        bitark {
          partitions = 3
          wal { segment-bytes = 64 KiB, disk-floor-bytes = 0 }
          sessions { window = 8, max-bytes = 256 KiB }
          namespaces { default = 0, other = 7 }
        }
        """;

    /// <summary>The checksums of the partitions' memory, as the old builds computed them; both had the same.</summary>
    public static readonly ulong?[] Digests = [0x9f0343c590ffcece, 0x06ad5d6028ea90d6, 0x02adf0e55f2992fd];

    /// <summary>Where each partition's log ends.</summary>
    public static readonly long[] Ends = [0x898, 0x1EA18, 0x590];

    public static void Unpack(string name, string into)
    {
        using var packed = new BrotliStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", name)), CompressionMode.Decompress);
        using var tar = new MemoryStream();
        packed.CopyTo(tar);
        tar.Position = 0;
        TarFile.ExtractToDirectory(tar, into, overwriteFiles: false);
    }

    /// <summary>What a user has read in channel 1.</summary>
    public static IEnumerable<(long From, long To)> RangesIn1(long user) => user % 3 == 0 ? [(1, 4), (6, 10 + user)] : [(1, 10 + user)];

    /// <summary>And in channel 2.</summary>
    public static IEnumerable<(long From, long To)> RangesIn2(long user) => [(100, 100), (102, 102), (104 + user, 104 + user), (70_000, 70_010)];

    /// <summary>Every byte below a directory; the lock that every start makes is none of its content.</summary>
    public static string ContentOf(string root) => string.Join('\n', Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "LOCK")
        .Order(StringComparer.Ordinal)
        .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"));
}

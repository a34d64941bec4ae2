using System.Globalization;
using BitArk.Cli.Terminal;
using BitArk.Storage.Disk;
using BitArk.Storage.Snapshots;

namespace BitArk.Cli.Snapshots;

/// <summary>What a look at one snapshot file found. Closed union.</summary>
internal abstract record SnapshotFinding(string Path)
{
    /// <summary>The line to print.</summary>
    public abstract string Line { get; }

    /// <summary>Its header is sound; nothing behind it was read.</summary>
    public sealed record Described(string Path, SnapshotHeader Header, long Bytes) : SnapshotFinding(Path)
    {
        /// <inheritdoc/>
        public override string Line => $"{Facts(Header)} bytes={Bytes.ToString(CultureInfo.InvariantCulture)} {Path}";
    }

    /// <summary>Every byte of it is sound.</summary>
    public sealed record Sound(string Path, SnapshotHeader Header, SnapshotInfo Info) : SnapshotFinding(Path)
    {
        /// <inheritdoc/>
        public override string Line =>
            string.Create(CultureInfo.InvariantCulture, $"SOUND {Facts(Header)} bytes={Info.Bytes} blocks={Info.Blocks} {Path}");
    }

    /// <summary>It is not what was written, or only a newer build can read it.</summary>
    public sealed record Bad(string Path, long Offset, string Reason, bool IsUnsupported) : SnapshotFinding(Path)
    {
        /// <inheritdoc/>
        public override string Line => $"{(IsUnsupported ? "UNSUPPORTED" : "DAMAGED")} {Path} offset 0x{Offset:X}: {Reason}";
    }

    /// <summary>It was deleted before it could be read, as a running node does with old ones.</summary>
    public sealed record Gone(string Path) : SnapshotFinding(Path)
    {
        /// <inheritdoc/>
        public override string Line => $"GONE {Path}: deleted meanwhile";
    }

    /// <summary>Reads the header.</summary>
    public static SnapshotFinding Describe(IDisk disk, string path) => Look(path, () =>
        new Described(path, SnapshotVerifier.ReadHeader(disk, path), new FileInfo(path).Length));

    /// <summary>Reads every byte.</summary>
    public static SnapshotFinding Verify(IDisk disk, string path, IWorkProgress progress) => Look(path, () =>
        new Sound(path, SnapshotVerifier.ReadHeader(disk, path), SnapshotVerifier.Verify(disk, path, progress.Report)));

    private static SnapshotFinding Look(string path, Func<SnapshotFinding> look)
    {
        try
        {
            return look();
        }
        catch (SnapshotInvalidException invalid)
        {
            return new Bad(path, invalid.Offset, invalid.Reason, invalid.IsUnsupported);
        }
        catch (DiskException) when (!File.Exists(path))
        {
            return new Gone(path);
        }
        catch (FileNotFoundException)
        {
            return new Gone(path);
        }
        catch (DiskException failure)
        {
            throw CliException.Usage(failure.Message, failure);
        }
    }

    private static string Facts(SnapshotHeader header) => string.Create(
        CultureInfo.InvariantCulture,
        $"{header.LastEpoch}@{header.Lsn.Format(header.SegmentBytes)} partition={header.Partition} cluster={header.ClusterId} readsets={header.ReadSets} sessions={header.Sessions}");
}

using System.IO.Hashing;
using BitArk.Storage.Disk;

namespace BitArk.Storage.Snapshots;

/// <summary>Receives the parts of a snapshot as a scan has found each sound. Only a scan that returned makes them a snapshot.</summary>
internal interface ISnapshotConsumer
{
    /// <summary>Header and preamble; once, first.</summary>
    void Begin(in SnapshotHeader header, in SnapshotPreamble preamble);

    /// <summary>The items of the next block.</summary>
    void Block(ReadOnlySpan<byte> payload);
}

/// <summary>
/// One pass over a snapshot file that checks every byte: header, preamble, each block's CRC and number, trailer, and the
/// CRC of the whole. Loading and verifying are this pass with and without a consumer.
/// </summary>
internal static class SnapshotScan
{
    private const int BlocksPerReport = 64;

    /// <summary>Runs the pass; <paramref name="progress"/> gets (bytes done, bytes in all).</summary>
    /// <exception cref="SnapshotInvalidException">Something is not what was written.</exception>
    public static SnapshotInfo Run(IDisk disk, string path, ISnapshotConsumer? consumer, Action<long, long>? progress)
    {
        using var file = disk.Open(path, DiskOpenMode.Read);
        var reader = new SequentialReader(file);
        var header = ReadHeader(reader, path);
        ReadPreamble(reader, path, header, consumer);
        var blocks = 0L;
        while (reader.Remaining > SnapshotTrailer.Size)
        {
            ReadBlock(reader, path, blocks++, consumer);
            if (blocks % BlocksPerReport == 0)
                progress?.Invoke(reader.Position, reader.Length);
        }

        CheckTrailer(reader, path, blocks);
        progress?.Invoke(reader.Length, reader.Length);
        return new SnapshotInfo(path, header.Lsn, reader.Length, header.ReadSets, header.Sessions, blocks);
    }

    /// <summary>Reads and checks the header alone.</summary>
    public static SnapshotHeader ReadHeader(IDisk disk, string path)
    {
        using var file = disk.Open(path, DiskOpenMode.Read);
        Span<byte> bytes = stackalloc byte[SnapshotHeader.Size];
        return Parse(bytes[..file.Read(0, bytes)], path);
    }

    private static SnapshotHeader ReadHeader(SequentialReader reader, string path)
    {
        var header = Parse(reader.Peek(SnapshotHeader.Size), path);
        reader.Take(SnapshotHeader.Size);
        return header;
    }

    private static SnapshotHeader Parse(ReadOnlySpan<byte> bytes, string path) =>
        SnapshotHeader.TryRead(bytes, out var header, out var reason) ? header : throw new SnapshotInvalidException(path, 0, reason, SnapshotHeader.IsUnsupported(bytes));

    private static void ReadPreamble(SequentialReader reader, string path, in SnapshotHeader header, ISnapshotConsumer? consumer)
    {
        var at = reader.Position;
        if (header.PreambleBytes > reader.Remaining - SnapshotTrailer.Size)
            throw new SnapshotInvalidException(path, at, "the file ends inside the preamble");
        var preamble = new byte[header.PreambleBytes];
        if (!reader.TryTake(preamble) || Crc32.HashToUInt32(preamble) != header.PreambleCrc)
            throw new SnapshotInvalidException(path, at, "the preamble's checksum is wrong");
        consumer?.Begin(header, new SnapshotPreamble(header, preamble));
    }

    private static void ReadBlock(SequentialReader reader, string path, long index, ISnapshotConsumer? consumer)
    {
        var at = reader.Position;
        if (!SnapshotBlockHeader.TryRead(reader.Peek(SnapshotBlockHeader.Size), out var header, out var reason))
            throw new SnapshotInvalidException(path, at, reason);
        var length = SnapshotBlockHeader.Size + header.PayloadBytes;
        if (length > reader.Remaining - SnapshotTrailer.Size)
            throw new SnapshotInvalidException(path, at, "the file ends inside a block");
        var block = reader.Peek(length);
        if (block.Length < length || header.Index != index || !header.Covers(block, block[SnapshotBlockHeader.Size..]))
            throw new SnapshotInvalidException(path, at, $"block {index} does not match its checksum");
        consumer?.Block(block[SnapshotBlockHeader.Size..]);
        reader.Take(length);
    }

    private static void CheckTrailer(SequentialReader reader, string path, long blocks)
    {
        var at = reader.Position;
        if (!SnapshotTrailer.TryRead(reader.Peek(SnapshotTrailer.Size), out var trailer, out var reason))
            throw new SnapshotInvalidException(path, at, reason);
        if (trailer.Blocks != blocks || trailer.FileBytes != reader.Length)
            throw new SnapshotInvalidException(path, at, $"the trailer tells of {trailer.Blocks} blocks and {trailer.FileBytes} bytes, the file has {blocks} and {reader.Length}");
        if (trailer.FileCrc != reader.Crc)
            throw new SnapshotInvalidException(path, at, "the checksum of the whole file is wrong");
    }
}

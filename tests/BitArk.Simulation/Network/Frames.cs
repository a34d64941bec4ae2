using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using BitArk.Replication.Failover;
using BitArk.Replication.Messages;

namespace BitArk.Simulation.Network;

/// <summary>
/// What travels: a replication message under its manifest, a request for pieces of a snapshot, or one chunk of it. The
/// snapshots' frames stand for the product's own channel between nodes.
/// </summary>
internal static class Frames
{
    private const byte Message = 1;
    private const byte Request = 2;
    private const byte Chunk = 3;
    private const byte Report = 4;
    private const int ReportSize = 3 + sizeof(long) + sizeof(uint);
    private const int RequestSize = 1 + (3 * sizeof(long)) + sizeof(uint);
    private const int ChunkHeaderSize = 1 + (2 * sizeof(long)) + sizeof(uint);

    public static byte[] Of(ReplicationMessage message)
    {
        var manifest = ReplicationCodec.ManifestOf(message);
        var frame = new byte[2 + manifest.Length + ReplicationCodec.SizeOf(message)];
        frame[0] = Message;
        frame[1] = (byte)manifest.Length;
        Encoding.ASCII.GetBytes(manifest, frame.AsSpan(2));
        ReplicationCodec.Write(message, frame.AsSpan(2 + manifest.Length));
        return frame;
    }

    public static byte[] OfRequest(Lsn snapshot, long offset, long length)
    {
        var frame = new byte[RequestSize];
        frame[0] = Request;
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(1), snapshot.Value);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(9), offset);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(17), length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(25), Crc32.HashToUInt32(frame.AsSpan(0, 25)));
        return frame;
    }

    public static byte[] OfChunk(Lsn snapshot, long offset, ReadOnlySpan<byte> bytes)
    {
        var frame = new byte[ChunkHeaderSize + bytes.Length];
        frame[0] = Chunk;
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(1), snapshot.Value);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(9), offset);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(17), Crc32.HashToUInt32(bytes));
        bytes.CopyTo(frame.AsSpan(ChunkHeaderSize));
        return frame;
    }

    public static byte[] OfReport(in ReplicaReport report)
    {
        var frame = new byte[ReportSize];
        frame[0] = Report;
        frame[1] = (byte)report.Standing;
        frame[2] = report.IsServing ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(3), report.Promised.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(11), Crc32.HashToUInt32(frame.AsSpan(0, 11)));
        return frame;
    }

    public static ReplicaReport? TryReadReport(byte[] frame) =>
        frame is [Report, var standing, var isServing, ..] && frame.Length == ReportSize
            && BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(11)) == Crc32.HashToUInt32(frame.AsSpan(0, 11))
            ? new ReplicaReport((ReplicaStanding)standing, new Epoch(BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(3))), isServing != 0)
            : null;

    public static ReplicationMessage? TryReadMessage(byte[] frame) =>
        frame is [Message, var length, ..] && frame.Length >= 2 + length
            && ReplicationCodec.TryRead(Encoding.ASCII.GetString(frame, 2, length), frame.AsMemory(2 + length), out var message, out _)
            ? message
            : null;

    public static (Lsn Snapshot, long Offset, long Length)? TryReadRequest(byte[] frame) =>
        frame is [Request, ..] && frame.Length == RequestSize
            && BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(25)) == Crc32.HashToUInt32(frame.AsSpan(0, 25))
            ? (new Lsn(BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(1))), BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(9)), BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(17)))
            : null;

    public static SnapshotChunk? TryReadChunk(byte[] frame)
    {
        if (frame is not [Chunk, ..] || frame.Length <= ChunkHeaderSize)
            return null;
        var bytes = frame.AsMemory(ChunkHeaderSize);
        return new SnapshotChunk(
            new Lsn(BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(1))),
            BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(9)),
            bytes,
            BinaryPrimitives.ReadUInt32LittleEndian(frame.AsSpan(17)) == Crc32.HashToUInt32(bytes.Span));
    }
}

/// <summary>One chunk as it arrived.</summary>
/// <param name="Snapshot">Of which snapshot.</param>
/// <param name="Offset">Where in its file.</param>
/// <param name="Bytes">The bytes.</param>
/// <param name="IsChecksumRight">Whether they are what was sent.</param>
internal readonly record struct SnapshotChunk(Lsn Snapshot, long Offset, ReadOnlyMemory<byte> Bytes, bool IsChecksumRight);

using System.IO.Hashing;
using BitArk.Storage.Disk;

namespace BitArk.Storage.Snapshots;

/// <summary>
/// Writes a snapshot's bytes in order through one buffer. Synced in small steps, so that a group commit on the same disk
/// never waits behind hundreds of megabytes of dirty pages, and paced, unless it is urgent: the state's writer is about to wait.
/// </summary>
internal sealed class SnapshotFileWriter(IDiskFile file, IWritePacer pacer, Func<bool> isUrgent, CancellationToken cancellation)
{
    private const int BufferBytes = 1 << 20;
    private const int SyncEveryBytes = 4 << 20;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private readonly Crc32 _crc = new();
    private int _filled;
    private long _written;
    private long _synced;
    private long _blocks;

    /// <summary>Bytes given to the file so far.</summary>
    public long Position => _written + _filled;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _crc.Append(bytes);
        Buffer(bytes);
    }

    public void AppendBlock(ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[SnapshotBlockHeader.Size];
        SnapshotBlockHeader.Write(header, _blocks++, payload);
        Append(header);
        Append(payload);
    }

    /// <summary>Writes the trailer and makes the whole file durable.</summary>
    public void Complete()
    {
        Span<byte> trailer = stackalloc byte[SnapshotTrailer.Size];
        new SnapshotTrailer(_blocks, Position + SnapshotTrailer.Size, _crc.GetCurrentHashAsUInt32()).Write(trailer);
        Buffer(trailer);
        WriteOut();
        file.Sync();
    }

    private void Buffer(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var some = Math.Min(bytes.Length, _buffer.Length - _filled);
            bytes[..some].CopyTo(_buffer.AsSpan(_filled));
            _filled += some;
            bytes = bytes[some..];
            if (_filled == _buffer.Length)
                WriteOut();
        }
    }

    private void WriteOut()
    {
        cancellation.ThrowIfCancellationRequested();
        file.Write(_written, _buffer.AsSpan(0, _filled));
        _written += _filled;
        if (!isUrgent())
            pacer.Wrote(_filled, cancellation);
        _filled = 0;
        if (_written - _synced < SyncEveryBytes)
            return;
        file.SyncData();
        _synced = _written;
    }
}

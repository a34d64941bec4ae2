using System.IO.Hashing;
using BitArk.Storage.Disk;

namespace BitArk.Storage.Snapshots;

/// <summary>Reads a file from front to back in large pieces and keeps the CRC32 of all that was taken.</summary>
internal sealed class SequentialReader(IDiskFile file)
{
    private const int BufferBytes = 4 << 20;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>((int)Math.Clamp(file.Length, 1, BufferBytes));
    private readonly Crc32 _crc = new();
    private int _from;
    private int _to;

    /// <summary>The length of the file.</summary>
    public long Length { get; } = file.Length;

    /// <summary>The offset of the next byte to be taken.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes not taken yet.</summary>
    public long Remaining => Length - Position;

    /// <summary>CRC32 of every byte taken so far.</summary>
    public uint Crc => _crc.GetCurrentHashAsUInt32();

    /// <summary>Shows the next bytes without taking them; fewer at the end of the file. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Peek(int bytes)
    {
        if (_to - _from < bytes)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            _to -= _from;
            _from = 0;
            _to += file.Read(Position + _to, _buffer.AsSpan(_to));
        }

        return _buffer.AsSpan(_from, Math.Min(bytes, _to - _from));
    }

    /// <summary>Takes bytes that <see cref="Peek"/> showed.</summary>
    public void Take(int bytes)
    {
        _crc.Append(_buffer.AsSpan(_from, bytes));
        _from += bytes;
        Position += bytes;
    }

    /// <summary>Takes as many bytes as <paramref name="into"/> has; false when the file ends before.</summary>
    public bool TryTake(Span<byte> into)
    {
        while (into.Length > 0)
        {
            var some = Peek(Math.Min(into.Length, _buffer.Length));
            if (some.Length == 0)
                return false;
            some.CopyTo(into);
            into = into[some.Length..];
            Take(some.Length);
        }

        return true;
    }
}

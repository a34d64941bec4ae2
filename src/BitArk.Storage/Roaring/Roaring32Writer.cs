using System.Buffers;
using System.Buffers.Binary;

namespace BitArk.Storage.Roaring;

/// <summary>
/// Writes one 32-bit bitmap from ascending ranges that do not overlap. Containers are finished one after the other; the
/// header needs their sizes, so they wait, in their final bytes, until <see cref="Complete"/>.
/// </summary>
internal sealed class Roaring32Writer(bool runs)
{
    private readonly RoaringContainer _container = new();
    private readonly ArrayBufferWriter<byte> _payload = new();
    private readonly List<Header> _headers = [];
    private int _key;
    private bool _hasRuns;

    /// <summary>Bytes taken so far, without the container being gathered.</summary>
    public long Bytes => HeaderBytes() + _payload.WrittenCount;

    public bool IsEmpty => _headers.Count == 0 && _container.Cardinality == 0;

    /// <summary>Adds a range that lies in one container.</summary>
    public void Add(uint from, uint to)
    {
        int key = (int)(from >> 16);
        if (key != _key)
        {
            FinishContainer();
            _key = key;
        }

        _container.Add((int)(from & 0xFFFF), (int)(to & 0xFFFF));
    }

    /// <summary>Writes the bitmap and starts a new one.</summary>
    public void Complete(IBufferWriter<byte> into)
    {
        FinishContainer();
        int bytes = HeaderBytes();
        Span<byte> header = into.GetSpan(bytes)[..bytes];
        int position = WriteCookie(header);
        int offset = bytes;
        foreach (Header container in _headers)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header[position..], (ushort)container.Key);
            BinaryPrimitives.WriteUInt16LittleEndian(header[(position + 2)..], (ushort)(container.Cardinality - 1));
            position += 4;
        }

        if (HasOffsets())
        {
            foreach (Header container in _headers)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(header[position..], (uint)offset);
                position += sizeof(uint);
                offset += container.Bytes;
            }
        }

        into.Advance(bytes);
        into.Write(_payload.WrittenSpan);
        _payload.ResetWrittenCount();
        _headers.Clear();
        _hasRuns = false;
    }

    private void FinishContainer()
    {
        if (_container.Cardinality == 0)
        {
            return;
        }

        int bytes = _container.Bytes(runs);
        _hasRuns |= _container.IsRuns(runs);
        _container.Write(_payload.GetSpan(bytes), runs);
        _payload.Advance(bytes);
        _headers.Add(new Header(_key, _container.Cardinality, _container.IsRuns(runs), bytes));
        _container.Clear();
    }

    private int WriteCookie(Span<byte> header)
    {
        if (!_hasRuns)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header, RoaringFormat.CookieWithoutRuns);
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)_headers.Count);
            return 8;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(header, RoaringFormat.CookieWithRuns);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], (ushort)(_headers.Count - 1));
        Span<byte> flags = header.Slice(4, (_headers.Count + 7) / 8);
        flags.Clear();
        for (int index = 0; index < _headers.Count; index++)
        {
            flags[index >> 3] |= (byte)(_headers[index].IsRuns ? 1 << (index & 7) : 0);
        }

        return 4 + flags.Length;
    }

    private int HeaderBytes()
    {
        int cookie = _hasRuns ? 4 + ((_headers.Count + 7) / 8) : 8;
        return cookie + (_headers.Count * (HasOffsets() ? 8 : 4));
    }

    private bool HasOffsets() => !_hasRuns || _headers.Count >= RoaringFormat.OffsetsFromContainers;

    private readonly record struct Header(int Key, int Cardinality, bool IsRuns, int Bytes);
}

using System.Buffers.Binary;

namespace BitArk.Chaos.Clusters;

/// <summary>
/// Walks over the frames of one direction of an HTTP/2 connection as they pass in pieces (RFC 9113, section 4.1: 24 bits of
/// length, 8 of type, 8 of flags, 32 of stream). Not thread-safe.
/// </summary>
internal sealed class FrameWalk
{
    private const int HeaderBytes = 9;
    private const int BulkFrom = 4 << 10;
    private const byte Data = 0;

    // Far enough in to be neither gRPC's prefix nor the fields before the bytes.
    private const int FlipAt = 1 << 10;

    private readonly byte[] _header = new byte[HeaderBytes];
    private int _headerHave;
    private int _length;
    private int _position;

    /// <summary>Takes the next bytes; may flip one bit in a large DATA frame.</summary>
    /// <returns>How many of them belong to large DATA frames, and whether a bit was flipped.</returns>
    public (int BulkBytes, bool Flipped) Pass(Span<byte> bytes, bool mayFlip)
    {
        (int bulk, bool flipped) = (0, false);
        for (int at = 0; at < bytes.Length;)
        {
            if (_headerHave < HeaderBytes)
            {
                _header[_headerHave++] = bytes[at++];
                if (_headerHave == HeaderBytes)
                    Begin();
                continue;
            }

            int some = Math.Min(_length - _position, bytes.Length - at);
            if (_header[3] == Data && _length >= BulkFrom)
            {
                bulk += some;
                int flip = FlipAt - _position;
                if (mayFlip && !flipped && flip >= 0 && flip < some)
                {
                    bytes[at + flip] ^= 0x10;
                    flipped = true;
                }
            }

            at += some;
            _position += some;
            if (_position == _length)
                _headerHave = 0;
        }

        return (bulk, flipped);
    }

    private void Begin()
    {
        _length = BinaryPrimitives.ReadUInt16BigEndian(_header) << 8 | _header[2];
        _position = 0;
        if (_length == 0)
            _headerHave = 0;
    }
}

using BitArk.Storage.Wal;
using CsCheck;

namespace BitArk.Storage.Tests.Wal;

public sealed class MarksPayloadSpecs
{
    private static readonly Gen<long> GenId = Gen.OneOf(
        Gen.Long[0, 300], Gen.Long[0, Ids.Max], Gen.OneOf(Gen.Const(0L), Gen.Const(127L), Gen.Const(128L), Gen.Const(Ids.Max)));

    private static readonly Gen<MarkOperation> GenOperation = Gen.Select(
        Gen.Bool, Gen.OneOf(Gen.UShort, Gen.Const((ushort)0)), GenId, GenId, Gen.Select(GenId, GenId),
        (unmark, space, user, channel, ends) => new MarkOperation(
            unmark ? OperationKind.Unmark : OperationKind.Mark,
            new NamespaceId(space),
            new UserId(user),
            new ChannelId(channel),
            new MessageRange(Math.Min(ends.Item1, ends.Item2), Math.Max(ends.Item1, ends.Item2))));

    private static readonly Gen<(MarkOperation[] Operations, long Session)> GenWrite =
        Gen.Select(GenOperation.Array[1, 40], Gen.OneOf(Gen.Const(0L), Gen.Long[1, Ids.Max]));

    [Fact]
    public void Should_read_back_what_was_written() => GenWrite.Sample(write =>
    {
        var scratch = Array.Empty<MarkOperation>();
        var payload = Encode(write.Operations, write.Session);
        Assert.True(MarksPayload.TryRead(payload, ref scratch, out var header, out var reason), reason);
        Assert.Equal(write.Operations, scratch[..header.Count]);
        Assert.Equal((write.Session, write.Session == 0 ? 0 : 9), (header.Session.Value, header.Sequence));
    });

    [Fact]
    public void Should_refuse_a_payload_cut_off_anywhere_or_with_bytes_behind() => GenWrite.Sample(
        write =>
        {
            var scratch = Array.Empty<MarkOperation>();
            var payload = Encode(write.Operations, write.Session);
            for (var length = 0; length < payload.Length; length++)
                Assert.False(MarksPayload.TryRead(payload.AsSpan(0, length), ref scratch, out _, out _));
            Assert.False(MarksPayload.TryRead([.. payload, 0], ref scratch, out _, out var reason));
            Assert.NotEmpty(reason);
        },
        iter: 200);

    [Fact]
    public void Should_never_throw_on_random_bytes() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        var scratch = Array.Empty<MarkOperation>();
        if (bytes.Length > 4)
            (bytes[0], bytes[1], bytes[3]) = (1, (byte)(bytes[1] & 1), 0);
        if (!MarksPayload.TryRead(bytes, ref scratch, out var header, out _))
            return;
        // Whatever is accepted has exactly this spelling.
        var again = new byte[MarksPayload.SizeOf(header.Session, scratch.AsSpan(0, header.Count))];
        MarksPayload.Write(again, header.Session, header.Sequence, scratch.AsSpan(0, header.Count));
        Assert.Equal(bytes, again);
    });

    [Theory]
    [InlineData("02 00 0100 04 01 02 09", "version 2")]
    [InlineData("01 02 0100 04 01 02 09", "flags")]
    [InlineData("01 00 0000", "no operation")]
    [InlineData("01 00 FFFF 04 01 02 09", "too short for its 65535")]
    [InlineData("01 00 0100 08 01 02 09 01", "malformed")]
    [InlineData("01 00 0100 00 01 02 09 00", "malformed")]
    [InlineData("01 00 0100 06 00 01 02 09", "malformed")]
    [InlineData("01 00 0100 04 8100 02 09", "malformed")]
    [InlineData("01 00 0100 04 FFFFFFFFFFFFFFFF7F 02 09", "malformed")]
    [InlineData("01 00 0100 00 01 02 FEFFFFFFFFFFFFFF7F 01", "malformed")]
    [InlineData("01 01 0100 0000000000000000 0100000000000000 04 01 02 09", "session")]
    [InlineData("01 01 0100 0100000000000000 0000000000000000 04 01 02 09", "session")]
    public void Should_refuse_a_malformed_payload_with_a_reason(string hex, string expected)
    {
        var scratch = Array.Empty<MarkOperation>();
        var bytes = Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));
        Assert.False(MarksPayload.TryRead(bytes, ref scratch, out _, out var reason));
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "shorter")]
    [InlineData("02 00000000000000 01 61", "version 2")]
    [InlineData("01 00000000000001 01 61", "reserved")]
    [InlineData("01 00000000000000 02 61", "length")]
    [InlineData("01 00000000000000 00", "length")]
    [InlineData("01 00000000000000 01 FF", "UTF-8")]
    public void Should_refuse_a_malformed_epoch_start_with_a_reason(string hex, string expected)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));
        Assert.Null(EpochStartPayload.TryRead(bytes, out var reason));
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    public void Should_refuse_to_write_a_node_name_of_impossible_length(int length) =>
        Assert.Throws<ArgumentException>(() => new EpochStartPayload(new string('x', length)).Write(new byte[EpochStartPayload.MaxSize]));

    private static byte[] Encode(MarkOperation[] operations, long session)
    {
        var bytes = new byte[MarksPayload.SizeOf(new SessionId(session), operations)];
        Assert.Equal(bytes.Length, MarksPayload.Write(bytes, new SessionId(session), 9, operations));
        return bytes;
    }
}

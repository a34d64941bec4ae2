using BitArk.Storage.Sessions;

namespace BitArk.Storage.Tests.Sessions;

public sealed class SessionResultSpecs
{
    [Theory]
    [InlineData(new long[] { 1 }, "01010100" + "0100000000000000000000000000000000000000")]
    [InlineData(new long[] { 0, 0, 0 }, "01000300" + "0000000000000000000000000000000000000000")]
    [InlineData(new long[] { 5, 0, 7 }, "01030300" + "C501000000000000000000000000000000000000")]
    [InlineData(new long[] { long.MaxValue, 1 }, "013F0200" + "FFFFFFFFFFFFFFFF000000000000000000000000")]
    [InlineData(new long[] { long.MaxValue, 1, 2 }, "02000000" + "0000000000000000000000000000000000000000")]
    public void Should_write_the_agreed_bytes_when_counts_are_recorded(long[] counts, string expected)
    {
        var cell = new byte[SessionResult.Size];
        cell.AsSpan().Fill(0xEE);
        SessionResult.Write(cell, counts);
        Assert.Equal(expected, Convert.ToHexString(cell));
        Assert.True(SessionResult.IsApplied(cell));
    }

    [Theory]
    [InlineData(160, 1, true)]
    [InlineData(161, 1, false)]
    [InlineData(40, 15, true)]
    [InlineData(41, 15, false)]
    [InlineData(2, long.MaxValue, true)]
    [InlineData(3, long.MaxValue, false)]
    [InlineData(65_535, 0, true)]
    public void Should_keep_counts_when_they_fit_the_documented_bound(int operations, long count, bool kept)
    {
        var counts = Enumerable.Repeat(count, operations).ToArray();
        var cell = new byte[SessionResult.Size];
        SessionResult.Write(cell, counts);
        var read = new long[operations];
        read.AsSpan().Fill(-1);
        Assert.Equal(kept, SessionResult.TryRead(cell, read));
        Assert.Equal(kept ? counts : new long[operations], read);
    }

    [Fact]
    public void Should_answer_zeros_when_a_repeat_has_another_number_of_operations()
    {
        var cell = new byte[SessionResult.Size];
        SessionResult.Write(cell, [3, 4]);
        var read = new long[] { 9, 9, 9 };
        Assert.False(SessionResult.TryRead(cell, read));
        Assert.Equal([0, 0, 0], read);
    }
}

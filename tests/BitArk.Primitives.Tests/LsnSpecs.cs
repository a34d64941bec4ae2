namespace BitArk.Primitives.Tests;

public sealed class LsnSpecs
{
    [Fact]
    public void Should_name_segment_and_offset_when_formatted() =>
        Assert.Equal("1:0x1F40", new Lsn(65536 + 0x1F40).Format(65536));

    [Fact]
    public void Should_measure_lag_across_segments() =>
        Assert.Equal(65536 + 8, new Lsn(3 * 65536 + 8).BytesSince(new Lsn(2 * 65536)));

    [Fact]
    public void Should_order_like_the_log()
    {
        var early = new Lsn(64);
        var late = new Lsn(128);
        Assert.True(early < late && late > early && early <= late && late >= early);
        Assert.Equal(early, Lsn.Min(late, early));
        Assert.Equal(late, Lsn.Max(late, early));
    }

    [Fact]
    public void Should_refuse_to_overflow() =>
        Assert.Throws<OverflowException>(() => new Lsn(long.MaxValue).Plus(1));
}

using BitArk.Storage.Memory;
using BitArk.Storage.ReadSets;
using BitArk.Storage.Roaring;
using CsCheck;

namespace BitArk.Storage.Tests.Roaring;

public sealed class RoaringRoundTripSpecs
{
    [Fact]
    public void Should_read_what_was_written_when_ranges_are_of_any_kind() =>
        Gen.Select(RoaringGen.Ranges, Gen.Bool).Sample((ranges, runs) =>
            ranges.SequenceEqual(RoaringBytes.Read64(RoaringBytes.Write64(ranges, runs))), iter: 300);

    [Fact]
    public void Should_never_be_larger_with_runs_than_without() =>
        RoaringGen.Ranges.Sample(ranges => RoaringBytes.Write64(ranges).Length <= RoaringBytes.Write64(ranges, runs: false).Length, iter: 100);

    [Fact]
    public void Should_export_a_read_set_as_its_ranges() =>
        RoaringGen.Ranges.Sample(
            ranges =>
            {
                using Slab slab = new();
                ulong state = ranges.Aggregate(SetWord.Empty, (word, range) => ReadSet.Add(slab, word, range.From, range.To, out _));
                return ranges.SequenceEqual(RoaringBytes.Read64(RoaringExport.Export(slab, state, 1 << 26)));
            },
            iter: 50);

    [Fact]
    public void Should_export_an_empty_set_as_no_buckets()
    {
        using Slab slab = new();
        Assert.Equal(new byte[8], RoaringExport.Export(slab, SetWord.Empty, 8));
    }

    [Fact]
    public void Should_refuse_at_once_when_a_set_has_no_reasonable_portable_form()
    {
        using Slab slab = new();
        ulong state = ReadSet.Add(slab, SetWord.Empty, 5, 1L << 62, out _);
        Assert.Equal(1 << 20, Assert.Throws<RoaringTooLargeException>(() => RoaringExport.Export(slab, state, 1 << 20)).MaxBytes);
        Assert.Throws<RoaringTooLargeException>(() => RoaringBytes.Write64([new(1, 1), new(3, 3), new(1L << 40, 1L << 40)], maxBytes: 40));
    }

    [Fact]
    public void Should_refuse_ranges_when_they_do_not_ascend()
    {
        Assert.Throws<ArgumentException>(() => RoaringBytes.Write64([new(5, 9), new(9, 10)]));
        Assert.Throws<ArgumentException>(() => RoaringBytes.Write64([new(5, 4)]));
        Assert.Throws<ArgumentException>(() => RoaringBytes.Write64([new(5, long.MaxValue)]));
    }
}

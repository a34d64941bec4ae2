using BitArk.Storage.Memory;
using CsCheck;

namespace BitArk.Storage.Tests.Memory;

public sealed unsafe class SlabSpecs
{
    [Fact]
    public void Should_keep_every_live_block_apart_from_the_others_when_blocks_of_all_sizes_come_and_go()
    {
        var size = Gen.OneOf(Gen.Int[1, 300], Gen.Int[1, 70_000], Gen.Const(8192), Gen.Int[65_000, 300_000]);
        Gen.Select(size, Gen.UInt).Array[1, 400].Sample(steps =>
        {
            using var slab = new Slab();
            var live = new List<(long Ref, int Bytes, byte Fill)>();
            foreach (var (bytes, choice) in steps)
            {
                if (choice % 3 == 0 && live.Count > 0)
                {
                    var at = (int)(choice / 3 % live.Count);
                    AssertFilled(slab, live[at]);
                    slab.Free(live[at].Ref, live[at].Bytes);
                    live.RemoveAt(at);
                }
                else
                {
                    var block = slab.Allocate(bytes);
                    Assert.InRange(block, 1, (1L << 40) - 1);
                    var fill = (byte)choice;
                    new Span<byte>(slab.Resolve(block, out var available), Slab.RoundUp(bytes)).Fill(fill);
                    Assert.True(available >= Slab.RoundUp(bytes));
                    live.Add((block, Slab.RoundUp(bytes), fill));
                }
            }

            foreach (var block in live)
            {
                AssertFilled(slab, block);
            }
        }, iter: 60);
    }

    [Fact]
    public void Should_copy_each_pages_record_a_few_times_only_when_it_grows_extent_by_extent()
    {
        const int Extents = 128;
        using var slab = new Slab();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Extents; i++)
        {
            // More than half of an extent, so that each takes one of its own.
            _ = slab.Allocate(40 << 20);
        }

        // One record after the other would be copied 64 times on average.
        var records = (long)Extents * Slab.PagesPerUnit * sizeof(SlabPage);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, records, 16 * records);
    }

    [Fact]
    public void Should_resolve_any_bits_to_readable_memory_when_the_reference_is_garbage()
    {
        using var slab = new Slab();
        _ = slab.Allocate(100);
        _ = slab.Allocate(70 << 20);
        var random = new Random(7);
        long sum = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var garbage = i % 2 == 0 ? random.NextInt64(-1, long.MaxValue) : random.NextInt64(0, 1L << 25);
            var address = slab.Resolve(garbage, out var available);
            Assert.True(available >= 64);
            sum += address[0] + address[63] + address[available - 1];
        }

        Assert.True(sum >= 0);
    }

    [Fact]
    public void Should_hand_out_a_block_of_many_mappings_as_one_when_it_is_larger_than_an_extent()
    {
        using var slab = new Slab();
        const int Bytes = 200 << 20;
        var block = slab.Allocate(Bytes);
        var address = slab.Resolve(block, out var available);
        Assert.True(available >= Bytes);
        (address[0], address[Bytes - 1]) = (1, 2);
        slab.BeforeWrite(block, Bytes - 1, 1);
        Assert.Equal(2, *slab.Resolve(block + ((Bytes - 8) / 8), out _) + address[Bytes - 1]);
        slab.Free(block, Bytes);
        Assert.Equal(0, slab.MemoryBytes);
    }

    [Fact]
    public void Should_give_memory_back_when_all_sets_grow_through_the_size_classes()
    {
        using var slab = new Slab();
        var blocks = new long[20_000];
        var held = 0;
        for (var bytes = 8; bytes <= 256; bytes += 8)
        {
            for (var i = 0; i < blocks.Length; i++)
            {
                var moved = slab.Allocate(bytes);
                if (held > 0)
                {
                    slab.Free(blocks[i], held);
                }

                blocks[i] = moved;
            }

            held = bytes;
        }

        // One empty span of each class is kept.
        Assert.InRange(slab.MemoryBytes, blocks.Length * 256, (blocks.Length * 256 * 1.05) + (32 * Slab.PageBytes));
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(8, 8)]
    [InlineData(9, 16)]
    [InlineData(256, 256)]
    [InlineData(257, 288)]
    [InlineData(8192, 8192)]
    [InlineData(8193, 9216)]
    [InlineData(65_536, 65_536)]
    [InlineData(65_537, 69_632)]
    public void Should_round_up_to_its_size_class_when_a_size_is_asked(int bytes, int rounded) => Assert.Equal(rounded, Slab.RoundUp(bytes));

    [Fact]
    public void Should_waste_at_most_an_eighth_and_round_to_itself_when_any_size_is_rounded()
    {
        for (var bytes = 1; bytes <= 70_000; bytes++)
        {
            var rounded = Slab.RoundUp(bytes);
            Assert.True(rounded >= bytes && rounded <= Math.Max(bytes + 7, bytes * 1.126), $"{bytes} -> {rounded}");
            Assert.Equal(rounded, Slab.RoundUp(rounded));
            Assert.Equal(0, rounded % 8);
        }
    }

    [Fact]
    public void Should_refuse_when_a_block_is_freed_with_another_size()
    {
        using var slab = new Slab();
        var block = slab.Allocate(24);
        Assert.Throws<InvalidOperationException>(() => slab.Free(block, 32));
    }

    private static void AssertFilled(Slab slab, (long Ref, int Bytes, byte Fill) block) =>
        Assert.True(new ReadOnlySpan<byte>(slab.Resolve(block.Ref, out _), block.Bytes).IndexOfAnyExcept(block.Fill) < 0);
}

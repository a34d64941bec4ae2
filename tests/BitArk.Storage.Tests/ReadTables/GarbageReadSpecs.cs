using BitArk.Storage.Memory;
using BitArk.Storage.ReadTables;

namespace BitArk.Storage.Tests.ReadTables;

/// <summary>A reader overtaken by the writer looks at anything at all; it must come back.</summary>
public sealed unsafe class GarbageReadSpecs
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Should_answer_something_when_states_and_blocks_are_garbage(int seed)
    {
        var random = new Random(seed);
        using var slab = new Slab();
        FillWithGarbage(slab, random, smallNumbers: seed == 2);
        Span<bool> read = stackalloc bool[3];
        Span<MessageRange> ranges = stackalloc MessageRange[20];
        ReadOnlySpan<long> ids = [1, random.NextInt64(Ids.Max), Ids.Max];
        for (var i = 0; i < 3000; i++)
        {
            var block = i % 8 == 0 ? random.NextInt64(1L << 40) : random.NextInt64(1L << 20);
            var state = (1UL << 63) | ((ulong)random.NextInt64(1L << 23) << 40) | (ulong)block;
            long number = 0;
            var count = 0;
            var summary = default(RawReadState);
            new ContainsMany(ids, read).Run(slab, state);
            new Cardinality(random.NextInt64(100), ids[1], ref number).Run(slab, state);
            new FirstUnread(ids[1], ref number).Run(slab, state);
            new Ranges(random.NextInt64(100_000), ranges, ref count).Run(slab, state);
            new Summary(100_000, ranges, ref summary).Run(slab, state);
            Assert.InRange(count, 0, ranges.Length);
            Assert.InRange(summary.RangeCount, 0, ranges.Length);
        }
    }

    private static void FillWithGarbage(Slab slab, Random random, bool smallNumbers)
    {
        for (var i = 0; i < 130; i++)
        {
            var block = slab.Allocate(65_536);
            var bytes = new Span<byte>(slab.Resolve(block, out _), 65_536);
            random.NextBytes(bytes);
            for (var at = 0; smallNumbers && at < bytes.Length; at++)
            {
                bytes[at] = (byte)(at % 2 == 0 ? bytes[at] & 31 : 0);
            }
        }
    }
}

using BitArk.Storage.Memory;
using BitArk.Storage.ReadSets;

namespace BitArk.Storage.Tests.ReadSets;

/// <summary>A reader may be overtaken by the writer: it sees words and blocks that no writer ever made. It has to answer something, soon.</summary>
public sealed unsafe class ReadSetGarbageSpecs
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Should_answer_within_bounds_when_words_and_blocks_are_garbage(int seed)
    {
        using Slab slab = new();
        Random random = new(seed);
        long[] references = [.. Enumerable.Range(0, 200).Select(_ => slab.Allocate(random.Next(1, 20_000)))];
        for (int round = 0; round < 2000; round++)
        {
            Scribble(slab, references[random.Next(references.Length)], random);
            ulong word = (ulong)random.NextInt64() | (random.Next(8) == 0 ? 0 : 1UL << 63);
            if (random.Next(4) != 0)
            {
                word = (word & ~((1UL << 40) - 1)) | (ulong)references[random.Next(references.Length)];
            }

            ReadAll(slab, word, random);
        }
    }

    [Fact]
    public void Should_answer_within_bounds_when_single_words_of_real_blocks_are_damaged()
    {
        using Slab slab = new();
        Random random = new(11);
        ulong[] states = RealSets(slab, random);
        for (int round = 0; round < 3000; round++)
        {
            ulong state = states[random.Next(states.Length)];
            byte* block = slab.Resolve(SetWord.Reference(state), out _);
            ulong* word = (ulong*)block + random.Next(12);
            ulong saved = *word;
            *word = random.Next(3) == 0 ? (ulong)random.NextInt64() : saved ^ (1UL << random.Next(64));
            ReadAll(slab, random.Next(4) == 0 ? state ^ (1UL << random.Next(40, 63)) : state, random);
            *word = saved;
        }
    }

    private static ulong[] RealSets(Slab slab, Random random)
    {
        List<ulong> states = [];
        foreach (int universe in new[] { 100, 5_000, 70_000, 400_000, int.MaxValue })
        {
            foreach (int ids in new[] { 5, 60, 500, 5_000, 30_000 })
            {
                ulong state = SetWord.Empty;
                for (int index = 0; index < ids; index++)
                {
                    long from = random.Next(universe);
                    state = ReadSet.Add(slab, state, from, from + random.Next(3), out _);
                }

                states.Add(state);
            }
        }

        return [.. states.Where(state => !SetWord.IsCursor(state))];
    }

    private static void Scribble(Slab slab, long reference, Random random)
    {
        byte* block = slab.Resolve(reference, out _);
        Span<byte> bytes = new(block, 20_000);
        switch (random.Next(4))
        {
            case 0:
                random.NextBytes(bytes);
                break;
            case 1:
                bytes.Fill(0xFF);
                break;
            case 2:
                bytes.Clear();
                break;
            default:
                for (int index = 0; index < 2_000; index++)
                {
                    ((ulong*)block)[index] = ((ulong)index << 17) | (uint)random.Next(1 << 17);
                }

                break;
        }
    }

    private static void ReadAll(Slab slab, ulong word, Random random)
    {
        Span<MessageRange> into = stackalloc MessageRange[16];
        for (int query = 0; query < 4; query++)
        {
            long from = random.Next(3) == 0 ? random.NextInt64(Ids.Max) : random.Next(1 << 20);
            long to = from + random.NextInt64(Ids.Max - from + 1);
            ReadSet.Contains(slab, word, from);
            ReadSet.Cardinality(slab, word, from, to);
            ReadSet.FirstUnread(slab, word, from);
            Assert.InRange(ReadSet.Ranges(slab, word, from, into), 0, into.Length);
        }
    }
}

using System.Buffers.Binary;
using BitArk.Storage.Memory;
using CsCheck;

namespace BitArk.Storage.Tests.Memory;

/// <summary>A snapshot of a slab holds every block as it was at its beginning, whatever happens to the pages of freed blocks meanwhile.</summary>
public sealed unsafe class SlabCaptureSpecs
{
    // Both kinds of span, blocks that fill their pages and blocks that leave the end of them untouched, alone or shared.
    private static readonly int[] Sizes = [64, 600, 4096, 5000, 8192, 9000, 60_000, 65_536, 69_632, 131_072, 300_000];

    [Fact]
    public void Should_keep_pending_bytes_when_a_span_on_the_same_pages_goes_before_it_reached_them()
    {
        using var slab = new Slab();
        var first = Enumerable.Range(0, 16).Select(i => Allocate(slab, 8192, (byte)(i + 1))).ToArray();
        var full = Enumerable.Range(0, Slab.PageBytes / 64).Select(_ => Allocate(slab, 64, 99)).ToArray();
        var (capture, geometry) = Begin(slab);

        // Two pages of eight blocks, emptied: the second page is free again, still to be copied.
        Array.ForEach(first, block => slab.Free(block, 8192));

        // One block of another class on that page, then none: the end of the page was never touched by it.
        var lone = Allocate(slab, 64, 0xEE);
        slab.Free(full[0], 64);
        slab.Free(lone, 64);

        using var restored = RestoreFrom(capture, geometry);
        Assert.All(first.Select((block, i) => (block, i)), pair => AssertFilled(restored, pair.block, 8192, (byte)(pair.i + 1)));
        Assert.All(full, block => AssertFilled(restored, block, 64, 99));
    }

    [Fact]
    public void Should_keep_pending_bytes_when_a_span_is_emptied() => AssertKept(static (slab, blocks) =>
        Array.ForEach(blocks, block => slab.Free(block, 8192)));

    [Fact]
    public void Should_keep_pending_bytes_when_a_block_alone_on_the_same_pages_ends_before_them() => AssertKept(static (slab, blocks) =>
    {
        Array.ForEach(blocks, block => slab.Free(block, 8192));
        slab.Free(Allocate(slab, 69_632, 0xEE), 69_632);
    });

    [Fact]
    public void Should_refuse_when_a_span_lies_behind_the_last_extent_where_records_are_kept_in_advance()
    {
        const int Extents = 9;
        using var slab = new Slab();
        for (var i = 0; i < Extents; i++)
        {
            _ = slab.Allocate(40 << 20);
        }

        var geometry = Begin(slab).Geometry.Written.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(geometry.AsSpan(geometry.Length - SlabSpanRecord.Size), Extents * Slab.PagesPerUnit);
        using var restored = new Slab();
        Assert.Throws<InvalidDataException>(() =>
        {
            var reader = new GeometryReader(geometry);
            _ = restored.Restore(ref reader);
        });
    }

    [Fact]
    public void Should_hold_every_block_of_its_beginning_when_blocks_of_mixed_classes_come_and_go()
    {
        var step = Gen.Select(Gen.Int[0, 9], Gen.Int[0, Sizes.Length - 1], Gen.Int[1, 40]);
        Gen.Select(step.Array[5, 60], step.Array[5, 120]).Sample((before, after) =>
        {
            using var slab = new Slab();
            var live = new List<Block>();
            byte fill = 0;
            foreach (var (action, size, count) in before)
            {
                Change(slab, live, action, Sizes[size], count, ref fill);
            }

            var atBeginning = live.ToArray();
            var (capture, geometry) = Begin(slab);
            foreach (var (action, size, count) in after)
            {
                Change(slab, live, action, Sizes[size], count, ref fill);
                _ = action == 9 && capture.CopySome(count * 700);
            }

            foreach (var block in live)
            {
                AssertFilled(slab, block.Ref, block.Bytes, block.Fill);
            }

            using var restored = RestoreFrom(capture, geometry);
            foreach (var block in atBeginning)
            {
                AssertFilled(restored, block.Ref, block.Bytes, block.Fill);
            }
        }, iter: 150);
    }

    private static void AssertKept(Action<Slab, long[]> act)
    {
        using var slab = new Slab();
        var blocks = Enumerable.Range(0, 40).Select(i => Allocate(slab, 8192, (byte)(i + 1))).ToArray();
        var (capture, geometry) = Begin(slab);
        act(slab, blocks);
        using var restored = RestoreFrom(capture, geometry);
        Assert.All(blocks.Select((block, i) => (block, i)), pair => AssertFilled(restored, pair.block, 8192, (byte)(pair.i + 1)));
    }

    private static void Change(Slab slab, List<Block> live, int action, int bytes, int count, ref byte fill)
    {
        switch (action)
        {
            case < 4:
                for (var i = 0; i < count; i++)
                {
                    live.Add(new Block(Allocate(slab, bytes, ++fill), bytes, fill));
                }

                break;
            case < 6:
                foreach (var block in live.FindAll(block => block.Bytes == bytes))
                {
                    slab.Free(block.Ref, bytes);
                }

                live.RemoveAll(block => block.Bytes == bytes);
                break;
            case < 8:
                // Oldest or newest first: either end of the list of spans runs empty.
                for (var i = 0; i < count && live.FindIndex(block => block.Bytes == bytes) is >= 0 and var oldest; i++)
                {
                    var at = action == 6 ? oldest : live.FindLastIndex(block => block.Bytes == bytes);
                    slab.Free(live[at].Ref, bytes);
                    live.RemoveAt(at);
                }

                break;
            default:
                for (var i = count % 3; i < live.Count; i += 3)
                {
                    Fill(slab, live[i].Ref, live[i].Bytes, ++fill);
                    live[i] = live[i] with { Fill = fill };
                }

                break;
        }
    }

    private static long Allocate(Slab slab, int bytes, byte fill)
    {
        var block = slab.Allocate(bytes);
        Fill(slab, block, bytes, fill);
        return block;
    }

    private static void Fill(Slab slab, long block, int bytes, byte fill)
    {
        slab.BeforeWrite(block, 0, bytes);
        new Span<byte>(slab.Resolve(block, out _), bytes).Fill(fill);
    }

    private static (SnapshotCapture Capture, GeometryWriter Geometry) Begin(Slab slab)
    {
        var capture = new SnapshotCapture(1 << 30, slab.EndCapture);
        var geometry = new GeometryWriter();
        slab.BeginCapture(capture, geometry);
        capture.Start();
        return (capture, geometry);
    }

    private static Slab RestoreFrom(SnapshotCapture capture, GeometryWriter geometry)
    {
        while (!capture.CopySome(1 << 20))
        {
        }

        var restored = new Slab();
        var reader = new GeometryReader(geometry.Written.Span);
        var regions = restored.Restore(ref reader).ToArray();
        while (capture.TryTake(out var block))
        {
            var payload = block.Payload;
            while (CaptureBlock.TryReadItem(ref payload, out var region, out var offset, out var bytes))
            {
                bytes.CopyTo(new Span<byte>(regions[region].Address + offset, bytes.Length));
            }

            capture.Return(block);
        }

        return restored;
    }

    private static void AssertFilled(Slab slab, long block, int bytes, byte fill) =>
        Assert.True(new ReadOnlySpan<byte>(slab.Resolve(block, out _), bytes).IndexOfAnyExcept(fill) < 0, $"block {block} of {bytes} bytes");

    private readonly record struct Block(long Ref, int Bytes, byte Fill);
}

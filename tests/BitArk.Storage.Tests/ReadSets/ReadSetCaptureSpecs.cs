using BitArk.Storage.Memory;
using BitArk.Storage.ReadSets;

namespace BitArk.Storage.Tests.ReadSets;

/// <summary>A change that is not announced to the slab would tear a running snapshot: what it copies later is no longer what was there.</summary>
public sealed unsafe class ReadSetCaptureSpecs
{
    private const int Sets = 120;
    private const int WatchedBytes = 8 << 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Should_announce_every_change_of_a_block_when_a_snapshot_is_running(int seed)
    {
        using Slab slab = new();
        Random random = new(seed);
        ulong[] states = new ulong[Sets];
        Change(slab, states, random, 12_000);
        SnapshotCapture capture = new(64 << 20, slab.EndCapture);
        slab.BeginCapture(capture, new GeometryWriter());
        capture.Start();
        byte* region = slab.Resolve(0, out _);
        byte[] then = new Span<byte>(region, WatchedBytes).ToArray();

        Change(slab, states, random, 12_000);

        while (!capture.CopySome(1 << 20))
        {
        }

        long copied = 0;
        while (capture.TryTake(out CaptureBlock? block))
        {
            copied += Compare(block.Payload, then);
            capture.Return(block);
        }

        Assert.True(capture.IsDrained);
        Assert.Equal(capture.TotalBytes, copied);
    }

    private static long Compare(ReadOnlySpan<byte> payload, byte[] then)
    {
        long copied = 0;
        while (CaptureBlock.TryReadItem(ref payload, out int region, out long offset, out ReadOnlySpan<byte> bytes))
        {
            Assert.Equal(0, region);
            Assert.True(bytes.SequenceEqual(then.AsSpan((int)offset, bytes.Length)), $"unannounced change near {offset}");
            copied += bytes.Length;
        }

        return copied;
    }

    /// <summary>Sets of every size: small ones, runs, holes, scattered chunks, bitmaps.</summary>
    private static void Change(Slab slab, ulong[] states, Random random, int changes)
    {
        for (int step = 0; step < changes; step++)
        {
            int set = random.Next(Sets);
            long universe = (set % 6) switch
            {
                0 => 50,
                1 => 3_000,
                2 => 200_000,
                3 => 1L << 45,
                4 => 66_000,
                _ => 20_000_000,
            };
            long from = random.NextInt64(universe);
            long to = from + random.Next(6) switch
            {
                0 => random.NextInt64(universe),
                1 => random.Next(30),
                _ => 0,
            };
            states[set] = random.Next(5) < 3
                ? ReadSet.Add(slab, states[set], from, to, out _)
                : ReadSet.Remove(slab, states[set], from, to, out _);
        }
    }
}

using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

public sealed class LogTailRingSpecs
{
    [Fact]
    public void Should_hold_the_newest_bytes_and_no_others()
    {
        var ring = new LogTailRing(64, new Lsn(1000));
        var into = new byte[100];
        Assert.Equal(0, ring.TryCopy(new Lsn(1000), into));
        ring.Publish(new Lsn(1000), Bytes(1000, 40), new Lsn(1040));
        Assert.Equal(40, ring.TryCopy(new Lsn(1000), into));
        Assert.Equal(Bytes(1000, 40), into[..40]);
        ring.Publish(new Lsn(1040), Bytes(1040, 40), new Lsn(1080));
        Assert.Equal(0, ring.TryCopy(new Lsn(1008), into));
        Assert.Equal(64, ring.TryCopy(new Lsn(1016), into));
        Assert.Equal(Bytes(1016, 64), into[..64]);
        Assert.Equal(0, ring.TryCopy(new Lsn(1080), into));
        Assert.Equal(5, ring.TryCopy(new Lsn(1040), into.AsSpan(0, 5)));
    }

    [Fact]
    public void Should_be_empty_behind_a_batch_that_is_larger_than_itself()
    {
        var ring = new LogTailRing(64, new Lsn(0));
        ring.Publish(new Lsn(0), new byte[100], new Lsn(100));
        Assert.Equal(0, ring.TryCopy(new Lsn(60), new byte[8]));
        ring.Publish(new Lsn(100), Bytes(100, 8), new Lsn(108));
        Assert.Equal(8, ring.TryCopy(new Lsn(100), new byte[8]));
    }

    [Fact]
    public void Should_keep_what_lies_in_front_of_a_cut_and_forget_the_rest()
    {
        var ring = new LogTailRing(64, new Lsn(0));
        ring.Publish(new Lsn(0), Bytes(0, 60), new Lsn(60));
        ring.CutTo(new Lsn(20));
        Assert.Equal(20, ring.TryCopy(new Lsn(0), new byte[64]));
        Assert.Equal(0, ring.TryCopy(new Lsn(20), new byte[64]));
        ring.CutTo(new Lsn(0));
        ring.Publish(new Lsn(0), Bytes(7, 10), new Lsn(10));
        var into = new byte[10];
        Assert.Equal(10, ring.TryCopy(new Lsn(0), into));
        Assert.Equal(Bytes(7, 10), into);
    }

    [Fact]
    public async Task Should_never_show_a_byte_of_another_position_when_read_beside_the_writer()
    {
        var ring = new LogTailRing(4096, new Lsn(0));
        var written = 0L;
        var readers = Enumerable.Range(0, 2).Select(reader => Task.Run(() =>
        {
            var (random, into, copies, refused) = (new Random(reader), new byte[4096], 0, 0);
            while (copies < 300 || refused < 300)
            {
                // From the oldest byte on, the writer overtakes nearly every copy; from elsewhere they get through.
                var back = random.Next(2) == 0 ? 4096 - random.Next(256) : 64 + random.Next(2048);
                var from = Math.Max(0, Volatile.Read(ref written) - back);
                var count = ring.TryCopy(new Lsn(from), into.AsSpan(0, 1 << random.Next(13)));
                for (var i = 0; i < count; i++)
                {
                    if (into[i] != ByteAt(from + i))
                        throw new InvalidOperationException($"Byte {i} of a copy from {from} is of another position.");
                }

                (copies, refused) = count > 0 ? (copies + 1, refused) : (copies, refused + 1);
            }
        })).ToArray();
        // Every byte a batch can hold, so that the writer does nothing but publish.
        var pattern = new byte[65536 + 64];
        for (var i = 0; i < pattern.Length; i++)
            pattern[i] = ByteAt(i);
        for (var at = 0L; !Array.TrueForAll(readers, reader => reader.IsCompleted); at += 64)
        {
            ring.Publish(new Lsn(at), pattern.AsSpan((int)(at % 65536), 64), new Lsn(at + 64));
            Volatile.Write(ref written, at + 64);
            // Both speeds: a writer far ahead of a reader's copy, and one that lets it finish.
            if (at % 65536 < 16384)
                Thread.SpinWait(300);
        }

        await Task.WhenAll(readers);
    }

    private static byte ByteAt(long position) => (byte)((position * 131) + (position >> 8 & 255));

    private static byte[] Bytes(long from, int count) => [.. Enumerable.Range(0, count).Select(i => ByteAt(from + i))];
}

using BitArk.Storage.Memory;
using BitArk.Storage.ReadTables;
using CsCheck;

namespace BitArk.Storage.Tests.ReadTables;

public sealed class SnapshotCaptureSpecs
{
    private static readonly TimeSpan Endless = TimeSpan.FromMinutes(5);

    [Fact]
    public void Should_restore_the_state_of_its_beginning_when_the_writer_went_on() =>
        Gen.Select(TableOperation.ManyKeys.Array[1, 4000], TableOperation.ManyKeys.Array[1, 4000], Gen.Int[1, 200])
            .Sample((before, after, pace) => AssertExact(before, after, pace, SnapshotCapture.DefaultBufferBytes), iter: 40);

    [Fact]
    public void Should_restore_the_state_of_its_beginning_when_blocks_move_between_many_forms() =>
        Gen.Select(TableOperation.Any.Array[1, 150], TableOperation.Any.Array[1, 150], Gen.Int[1, 20])
            .Sample((before, after, pace) => AssertExact(before, after, pace, SnapshotCapture.DefaultBufferBytes), iter: 300);

    [Fact]
    public void Should_restore_the_state_of_its_beginning_when_two_buffers_make_the_writer_wait() =>
        Gen.Select(TableOperation.ManyKeys.Array[3000, 6000], TableOperation.ManyKeys.Array[3000, 6000])
            .Sample((before, after) => AssertExact(before, after, pace: 50, bufferBytes: 1), iter: 15);

    [Fact]
    public void Should_restore_the_state_of_its_beginning_when_shards_split_meanwhile()
    {
        var before = Enumerable.Range(0, 40_000).Select(i => new TableOperation(true, i, 0, 1, i + 1)).ToArray();
        var after = Enumerable.Range(20_000, 80_000).Select(i => new TableOperation(i % 3 > 0, i, 0, 1, i + 7)).ToArray();
        AssertExact(before, after, pace: 1000, bufferBytes: 4 << 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Should_restore_the_digest_of_its_beginning_when_sets_of_all_sizes_grow_shrink_and_go(int seed)
    {
        using var tables = new ReadTableSet();
        var table = tables.GetOrAdd(NamespaceId.Default);
        var random = new Random(seed);
        for (var i = 0; i < 150; i++)
        {
            ChangeOneSet(table, random, static () => { });
        }

        var digest = tables.Digest();
        var capture = tables.BeginCapture(1L << 30);
        for (var i = 0; i < 50; i++)
        {
            _ = table.Unmark(new UserId(random.Next(60)), new ChannelId(1), 0, Ids.Max);
        }

        for (var i = 0; i < 300; i++)
        {
            // One call copies up to 64 KiB: rarely, so that most pages are freed and taken again before they are copied.
            ChangeOneSet(table, random, () => _ = random.Next(100) == 0 && capture.CopySome(1));
        }

        while (!capture.CopySome(1 << 20))
        {
        }

        using var restored = RestoreFrom(capture, Drain(capture));
        Assert.Equal(digest, restored.Digest());
    }

    [Fact]
    public void Should_let_the_writer_go_on_when_it_is_aborted_while_the_writer_waits_for_a_buffer()
    {
        using var tables = new ReadTableSet();
        var table = tables.GetOrAdd(NamespaceId.Default);
        Fill(table, 50_000);
        var capture = tables.BeginCapture(bufferBytes: 1);
        capture.Patience = Endless;
        var writer = FillUntilItWaits(table, 100_000);
        Assert.True(capture.TryTake(out var taken));
        capture.Abort();
        writer.Join();
        Assert.True(capture.CopySome(1));
        Assert.False(capture.IsGivenUp);

        // The drainer may be busy with a block for long after that: its bytes are still there.
        Assert.True(taken.Payload.IndexOf((byte)3) >= 0);
        capture.Return(taken);
        Assert.Equal(100_000, table.Count);

        var next = tables.BeginCapture();
        Assert.True(next.CopySome(int.MaxValue));
        var model = new TableModel();
        for (var i = 0; i < 100_000; i++)
        {
            _ = model.Mark(i, 1, 1, 3);
        }

        using var restored = RestoreFrom(next, Drain(next));
        model.AssertEqual(restored.Find(NamespaceId.Default)!);
    }

    [Fact]
    public async Task Should_give_itself_up_when_nobody_drains_it_and_the_writer_has_waited_long_enough()
    {
        using var tables = new ReadTableSet();
        var table = tables.GetOrAdd(NamespaceId.Default);
        Fill(table, 50_000);
        var capture = tables.BeginCapture(bufferBytes: 1);
        capture.Patience = TimeSpan.FromMilliseconds(5);
        await Task.Run(() => Fill(table, 100_000)).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(capture.IsAborted);
        Assert.True(capture.IsGivenUp);
        Assert.False(capture.TryTake(out _));
        Assert.Equal(100_000, table.Count);
        Assert.True(tables.BeginCapture().CopySome(int.MaxValue));
    }

    [Fact]
    public async Task Should_be_patient_anew_when_the_writer_copies_between_two_batches()
    {
        using var tables = new ReadTableSet();
        var table = tables.GetOrAdd(NamespaceId.Default);
        Fill(table, 50_000);
        var capture = tables.BeginCapture(bufferBytes: 1);
        capture.Patience = Endless;
        var writer = FillUntilItWaits(table, 100_000);
        var drainer = Task.Run(() => Drain(capture));
        writer.Join();
        Assert.True(capture.Waited > TimeSpan.Zero);
        _ = capture.CopySome(1);
        Assert.Equal(TimeSpan.Zero, capture.Waited);
        while (!capture.CopySome(1 << 16))
        {
            Thread.Yield();
        }

        _ = await drainer;
    }

    [Fact]
    public void Should_leave_no_capture_behind_when_its_beginning_fails_half_way()
    {
        using var tables = new ReadTableSet();
        var table = tables.GetOrAdd(NamespaceId.Default);
        Fill(table, 50_000);
        Assert.Throws<InsufficientMemoryException>(() => tables.BeginCapture(1, _ => throw new InsufficientMemoryException()));
        var begun = tables.BeginCapture();
        begun.Abort();
        Fill(table, 100_000);
        Assert.Equal(100_000, table.Count);
    }

    [Fact]
    public void Should_refuse_when_a_capture_is_running()
    {
        using var tables = new ReadTableSet();
        Fill(tables.GetOrAdd(NamespaceId.Default), 10);
        var running = tables.BeginCapture();
        Assert.Throws<InvalidOperationException>(() => tables.BeginCapture());
        running.Abort();
        Assert.True(tables.BeginCapture().CopySome(int.MaxValue));
        Assert.True(tables.BeginCapture().CopySome(int.MaxValue));
    }

    [Fact]
    public void Should_refuse_and_not_crash_when_the_geometry_is_damaged()
    {
        using var tables = new ReadTableSet();
        var table = tables.GetOrAdd(new NamespaceId(5));
        for (var i = 0; i < 3000; i++)
        {
            _ = table.Mark(new UserId(i), new ChannelId(1), 1, 2);
        }

        var capture = tables.BeginCapture();
        var geometry = capture.Geometry.ToArray();
        Gen.Select(Gen.Int[0, geometry.Length - 1], Gen.Byte, Gen.Int[0, geometry.Length]).Sample((at, value, length) =>
        {
            var damaged = geometry[..Math.Max(at + 1, length)];
            damaged[at] = value;
            try
            {
                ReadTableSet.Restore(damaged).Dispose();
            }
            catch (InvalidDataException)
            {
                // The point: this and nothing else.
            }
        }, iter: 300);
        capture.Abort();
    }

    [Fact]
    public void Should_refuse_when_an_item_lies_outside_its_region()
    {
        using var tables = new ReadTableSet();
        Fill(tables.GetOrAdd(NamespaceId.Default), 10);
        var capture = tables.BeginCapture();
        using var restore = ReadTableSet.Restore(capture.Geometry.Span);
        Assert.Throws<InvalidDataException>(() => restore.Write(0, 4096, new byte[8]));
        Assert.Throws<InvalidDataException>(() => restore.Write(restore.RegionCount, 0, new byte[8]));
        Assert.Throws<InvalidDataException>(() => restore.Write(0, -8, new byte[8]));
        Assert.Throws<InvalidDataException>(() => restore.Write(0, long.MaxValue, new byte[8]));
    }

    private static void AssertExact(TableOperation[] before, TableOperation[] after, int pace, long bufferBytes)
    {
        using var tables = new ReadTableSet();
        var model = new TableModel();
        foreach (var operation in before)
        {
            _ = operation.ApplyTo(tables.GetOrAdd(NamespaceId.Default)) + operation.ApplyTo(model);
            _ = operation.ApplyTo(tables.GetOrAdd(new NamespaceId(40_000)));
        }

        var atBeginning = model.Clone();
        var digest = tables.Digest();
        var capture = tables.BeginCapture(bufferBytes);
        capture.Patience = Endless;
        var drainer = Task.Run(() => Drain(capture));
        for (var i = 0; i < after.Length; i++)
        {
            _ = after[i].ApplyTo(tables.GetOrAdd(NamespaceId.Default)) + after[i].ApplyTo(model);
            _ = after[i].ApplyTo(tables.GetOrAdd(new NamespaceId((ushort)(i % 3))));
            _ = i % pace == 0 && capture.CopySome(600);
        }

        while (!capture.CopySome(1 << 16))
        {
            Thread.Yield();
        }

        using var restored = RestoreFrom(capture, drainer.GetAwaiter().GetResult());
        Assert.Equal(digest, restored.Digest());
        atBeginning.AssertEqual(restored.Find(NamespaceId.Default)!);
        atBeginning.AssertEqual(restored.Find(new NamespaceId(40_000))!);
        Assert.Null(restored.Find(new NamespaceId(1)));

        // A restored table is a table: it goes on from there.
        var table = restored.GetOrAdd(NamespaceId.Default);
        foreach (var operation in after.Take(500))
        {
            Assert.Equal(operation.ApplyTo(atBeginning), operation.ApplyTo(table));
        }

        atBeginning.AssertEqual(table);
    }

    // A dense set (lists, bitmaps), a scattered one (directories, up to blocks of many pages), a span, or the end of a set.
    private static void ChangeOneSet(ReadTable table, Random random, Action now)
    {
        var (user, channel) = (new UserId(random.Next(60)), new ChannelId(1));
        var kind = random.Next(8);
        if (kind < 2)
        {
            _ = table.Unmark(user, channel, 0, Ids.Max);
            now();
            return;
        }

        long stride = kind switch { 2 => 2, 3 => 3, 4 => 11, 5 => 1000, 6 => 65_536, _ => 70_001 };
        var from = random.NextInt64(1, 1L << 20);
        var count = 1 << random.Next(14);
        var marks = random.Next(4) > 0;
        for (var i = 0; i < count; i++, from += stride)
        {
            _ = marks ? table.Mark(user, channel, from, from) : table.Unmark(user, channel, from, from + 5);
            if (i % 512 == 0)
            {
                now();
            }
        }
    }

    // Nobody drains yet, so that the writer comes to wait for a buffer.
    private static Thread FillUntilItWaits(ReadTable table, int users)
    {
        var writer = new Thread(() => Fill(table, users));
        writer.Start();
        Assert.True(SpinWait.SpinUntil(() => writer.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromMinutes(1)));
        return writer;
    }

    private static List<byte[]> Drain(SnapshotCapture capture)
    {
        var blocks = new List<byte[]>();
        while (!capture.IsDrained)
        {
            if (capture.TryTake(TimeSpan.FromSeconds(10), out var block))
            {
                blocks.Add(block.Payload.ToArray());
                capture.Return(block);
            }
        }

        return blocks;
    }

    private static ReadTableSet RestoreFrom(SnapshotCapture capture, List<byte[]> blocks)
    {
        using var restore = ReadTableSet.Restore(capture.Geometry.Span);
        foreach (var block in blocks)
        {
            ReadOnlySpan<byte> rest = block;
            while (CaptureBlock.TryReadItem(ref rest, out var region, out var offset, out var bytes))
            {
                restore.Write(region, offset, bytes);
            }

            Assert.True(rest.IsEmpty);
        }

        return restore.Complete();
    }

    private static void Fill(ReadTable table, int sets)
    {
        for (var i = 0; i < sets; i++)
        {
            _ = table.Mark(new UserId(i), new ChannelId(1), 1, 3);
        }
    }
}

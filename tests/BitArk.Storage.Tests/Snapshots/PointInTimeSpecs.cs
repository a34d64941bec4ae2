using BitArk.Storage.Memory;
using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Snapshots;

/// <summary>A snapshot drained by another thread while the state's writer goes on.</summary>
public sealed class PointInTimeSpecs : IDisposable
{
    private const string Folder = "/s";
    private const int Users = 3000;

    private static readonly PartitionStateOptions Options =
        new(ClusterId.NewRandom(), new PartitionId(0), new LogGeometry(1 << 20), 8, 1 << 20);

    private readonly PartitionState _state = new(Options);
    private readonly MemoryDisk _disk = new();
    private readonly Random _random = new(20261122);
    private long _at = 64;

    public PointInTimeSpecs() => _disk.CreateDirectory(Folder);

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData(64 << 10)]
    [InlineData(64 << 20)]
    public async Task Should_hold_exactly_the_state_at_its_position_when_writes_go_on(long bufferBytes)
    {
        for (var round = 0; round < 4; round++)
        {
            Write(4000);
            var (digest, applied, sessions) = (_state.Digest(), _state.LastAppliedLsn, _state.Sessions.Count);
            var snapshot = _state.BeginSnapshot(bufferBytes);
            snapshot.Capture.Patience = TimeSpan.FromMinutes(5);
            var path = $"{Folder}/{round}.snap";
            var writing = Task.Run(() => SnapshotWriter.Write(_disk, path, snapshot, UnpacedWrites.Instance, CancellationToken.None));
            // At least a few thousand changes happen before the copy can be complete: it is offered 4 KiB after every tenth.
            do
            {
                Write(10);
            }
            while (!snapshot.Capture.CopySome(4096));

            var info = await writing;
            Assert.NotEqual(digest, _state.Digest());
            using var loaded = PartitionState.Load(_disk, path, Options, out var read);
            Assert.Equal(digest, loaded.Digest());
            Assert.Equal(applied, loaded.LastAppliedLsn);
            Assert.Equal(applied, loaded.ApplyingTo);
            Assert.Equal(sessions, loaded.Sessions.Count);
            Assert.Equal(info, read);
        }
    }

    [Fact]
    public async Task Should_go_on_alike_when_a_loaded_state_takes_the_same_writes()
    {
        Write(20_000);
        var snapshot = _state.BeginSnapshot();
        var writing = Task.Run(() => SnapshotWriter.Write(_disk, $"{Folder}/a.snap", snapshot, UnpacedWrites.Instance, CancellationToken.None));
        while (!snapshot.Capture.CopySome(1 << 20))
        {
        }

        await writing;
        using var loaded = PartitionState.Load(_disk, $"{Folder}/a.snap", Options, out _);
        var seed = _random.Next();
        var at = _at;
        Write(20_000, _state, new Random(seed));
        _at = at;
        Write(20_000, loaded, new Random(seed));
        Assert.Equal(_state.Digest(), loaded.Digest());
        Assert.Equal(_state.Sessions.EvictedCount, loaded.Sessions.EvictedCount);
    }

    [Fact]
    public async Task Should_leave_nothing_and_free_the_writer_when_it_is_cancelled()
    {
        Write(4000);
        using var cancellation = new CancellationTokenSource();
        var snapshot = _state.BeginSnapshot(64 << 10);
        snapshot.Capture.Patience = TimeSpan.FromMinutes(5);
        var writing = Task.Run(() => SnapshotWriter.Write(_disk, $"{Folder}/a.snap", snapshot, UnpacedWrites.Instance, cancellation.Token));
        Write(100);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        Assert.Empty(_disk.ListFiles(Folder));
        // The writer is not held up, and the next snapshot may begin.
        Write(4000);
        Assert.True(snapshot.Capture.CopySome(1));
        _state.BeginSnapshot().Capture.Abort();
    }

    /// <summary>
    /// A capture that was given up throws its blocks away and has none left: as if all had been taken. A writer that was busy with a block
    /// meanwhile once took that for its end, and put a whole trailer behind half of the memory.
    /// </summary>
    [Fact]
    public async Task Should_leave_nothing_when_the_state_gave_it_up_while_a_block_was_being_written()
    {
        FillUsers(400_000);
        using var stalls = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        var disk = new FaultyDisk(_disk)
        {
            FailWhen = (operation, _) =>
            {
                if (operation == "pwrite")
                {
                    stalls.Set();
                    goesOn.Wait();
                }

                return false;
            },
        };
        var snapshot = _state.BeginSnapshot(2 * CaptureBlock.MaxPayloadBytes);
        snapshot.Capture.Patience = TimeSpan.FromMilliseconds(5);
        var writing = Task.Run(() => SnapshotWriter.Write(disk, $"{Folder}/a.snap", snapshot, UnpacedWrites.Instance, CancellationToken.None));
        while (!stalls.IsSet)
            Assert.False(snapshot.Capture.CopySome(1 << 16));

        MarkUsers(400_000, upTo: 10);
        goesOn.Set();

        Assert.True(snapshot.Capture.IsGivenUp);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        Assert.Empty(_disk.ListFiles(Folder));
    }

    [Theory]
    [InlineData("pwrite")]
    [InlineData("fsync")]
    [InlineData("rename")]
    public void Should_report_the_disk_and_abort_the_capture_when_a_call_fails(string operation)
    {
        Write(20_000);
        var disk = new FaultyDisk(_disk) { FailWhen = (called, _) => called == operation };
        var snapshot = _state.BeginSnapshot();
        while (!snapshot.Capture.CopySome(1 << 20))
        {
        }

        Assert.Throws<BitArk.Storage.Disk.DiskException>(
            () => SnapshotWriter.Write(disk, $"{Folder}/a.snap", snapshot, UnpacedWrites.Instance, CancellationToken.None));
        Assert.True(snapshot.Capture.IsAborted);
        Assert.Empty(_disk.ListFiles(Folder));
    }

    [Fact]
    public void Should_sync_in_small_steps_when_the_snapshot_is_large()
    {
        FillUsers(400_000);
        var disk = new FaultyDisk(_disk);
        var snapshot = _state.BeginSnapshot();
        while (!snapshot.Capture.CopySome(1 << 20))
        {
        }

        var info = SnapshotWriter.Write(disk, $"{Folder}/a.snap", snapshot, UnpacedWrites.Instance, CancellationToken.None);
        Assert.Equal(400_000, info.ReadSets);
        Assert.Equal(info.Bytes / (4 << 20), disk.Trace.Count(call => call.StartsWith("fdatasync", StringComparison.Ordinal)));
        Assert.Equal(["fsync a.snap.tmp", "rename a.snap.tmp", "fsync s"], disk.Trace.TakeLast(3));
    }

    /// <summary>Half is where copying in pauses stops by itself: it says that the disk is behind, not that the state's writer is about to wait.</summary>
    [Fact]
    public void Should_go_on_pacing_the_disk_when_half_of_the_buffers_are_full()
    {
        FillUsers(400_000);
        var snapshot = _state.BeginSnapshot(64 * CaptureBlock.MaxPayloadBytes);
        _ = snapshot.Capture.CopySome(int.MaxValue);
        var backedUp = new List<bool>();
        var disk = new FaultyDisk(_disk)
        {
            FailWhen = (operation, path) =>
            {
                _ = snapshot.Capture.CopySome(int.MaxValue);
                if (operation == "pwrite")
                    backedUp.Add(snapshot.Capture.IsBackedUp);
                return false;
            },
        };
        var pacer = new CountingPacer();
        SnapshotWriter.Write(disk, $"{Folder}/a.snap", snapshot, pacer, CancellationToken.None);
        Assert.Equal(2, backedUp.Distinct().Count());
        Assert.Equal(backedUp.Count, pacer.Writes);
    }

    [Fact]
    public void Should_leave_no_capture_behind_when_the_snapshot_cannot_be_described()
    {
        Write(4000);
        Assert.Throws<InsufficientMemoryException>(() => _state.BeginSnapshot(1, (_, _) => throw new InsufficientMemoryException()));
        _state.BeginSnapshot(1).Capture.Abort();
        Write(4000);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 3 << 20)]
    public void Should_pace_the_disk_unless_the_states_writer_is_about_to_wait(bool isUrgent, long paced)
    {
        var pacer = new CountingPacer();
        using var file = _disk.Open($"{Folder}/a.snap", BitArk.Storage.Disk.DiskOpenMode.Create);
        var writer = new SnapshotFileWriter(file, pacer, () => isUrgent, CancellationToken.None);
        writer.Append(new byte[3 << 20]);
        Assert.Equal(paced, pacer.Bytes);
    }

    private void FillUsers(int users)
    {
        _state.BeginBatch(new Lsn(1L << 40));
        MarkUsers(users, upTo: 9);
    }

    private void MarkUsers(int users, long upTo)
    {
        Span<long> changed = stackalloc long[1];
        for (var user = 0; user < users; user++)
            _state.Apply(new Lsn(_at += 64), [new(OperationKind.Mark, NamespaceId.Default, new UserId(user), new ChannelId(1), new MessageRange(1, upTo))], default, 0, changed);
    }

    private void Write(int count) => Write(count, _state, _random);

    private void Write(int count, PartitionState state, Random random)
    {
        Span<long> changed = stackalloc long[2];
        for (var i = 0; i < count; i++)
        {
            var end = new Lsn(_at += 64);
            state.BeginBatch(end);
            MarkOperation[] operations = [Random(random), Random(random)];
            var session = random.Next(3) == 0 ? 0 : random.Next(1, 2000);
            state.Apply(end, operations, new SessionId(session), session == 0 ? 0 : random.Next(1, 30), changed);
        }
    }

    private static MarkOperation Random(Random random)
    {
        var from = random.NextInt64(1, 5000);
        return new MarkOperation(
            random.Next(4) == 0 ? OperationKind.Unmark : OperationKind.Mark,
            new NamespaceId((ushort)random.Next(2)),
            new UserId(random.Next(Users)),
            new ChannelId(random.Next(3)),
            new MessageRange(from, from + random.Next(50)));
    }

    private sealed class CountingPacer : IWritePacer
    {
        public long Bytes { get; private set; }

        public int Writes { get; private set; }

        public void Wrote(int bytes, CancellationToken cancellation)
        {
            Bytes += bytes;
            Writes++;
        }
    }
}

using System.IO.Hashing;
using System.Runtime.CompilerServices;
using BitArk.Cluster.Replication;
using BitArk.Cluster.Tests.Support;
using BitArk.Replication;
using BitArk.Replication.Messages;
using BitArk.Storage.Disk;
using BitArk.Storage.Snapshots;

namespace BitArk.Cluster.Tests.Replication;

public sealed class SnapshotFetchSpecs : ReplicaKit
{
    private const int ChunkBytes = 256 << 10;
    private const int FileBytes = 40 << 20;
    private const string Part = ".part";
    private static readonly Lsn At = new(4096);
    private static readonly NodeId Leader = new("node2");

    [Fact]
    public async Task Should_go_on_behind_all_that_came_when_the_stream_broke()
    {
        await Assert.ThrowsAsync<IOException>(() => FetchAsync(FileBytes - ChunkBytes));

        Assert.Equal(FileBytes - ChunkBytes, DurableBytes());
    }

    [Fact]
    public async Task Should_take_chunks_while_others_become_durable()
    {
        using var first = new ManualResetEventSlim();
        var syncs = 0;
        var isHeld = true;
        Disk.Before = (operation, path) =>
        {
            // Only a chunk that is written beside it lets the first sync end.
            if (operation == "fsync" && IsPart(path) && Interlocked.Increment(ref syncs) == 1)
                isHeld = first.Wait(TimeSpan.FromSeconds(20));
            else if (operation == "pwrite" && IsPart(path) && Volatile.Read(ref syncs) > 0)
                first.Set();
        };

        await Assert.ThrowsAsync<IOException>(() => FetchAsync(FileBytes - ChunkBytes));

        Assert.True(isHeld, "Nothing was written while the first 16 MiB became durable.");
        Assert.Equal(FileBytes - ChunkBytes, DurableBytes());
    }

    [Theory]
    [InlineData(FileBytes)]
    [InlineData(17 << 20)] // the stream breaks, too
    public async Task Should_call_nothing_durable_behind_a_sync_that_failed(int until)
    {
        var syncs = 0;
        Disk.Before = (operation, path) =>
        {
            if (operation == "fsync" && IsPart(path) && Interlocked.Increment(ref syncs) == 1)
                throw new DiskException("fsync", path, DiskException.InputOutput, "Input/output error");
        };

        var failure = await Assert.ThrowsAsync<DiskException>(() => FetchAsync(until));

        Assert.True(failure.IsFinal);
        Assert.Equal((1, 0L), (syncs, DurableBytes()));
    }

    private static bool IsPart(string path) => path.EndsWith(Part, StringComparison.Ordinal);

    private Task FetchAsync(int until)
    {
        var order = new NeedFullSync(default, Status.Id, new Epoch(1), Nonce: 1, At, FileBytes, Leader.Name);
        return new SnapshotFetch(Status, new Stream(until), Environment().OptionsOf(Status), Disk, order, Leader).RunAsync(_ => { }, CancellationToken.None);
    }

    private long DurableBytes()
    {
        Disk.Before = null;
        using var receiver = SnapshotReceiver.Open(Environment().OptionsOf(Status), Disk, At, FileBytes, Leader);
        return receiver.DurableBytes;
    }

    private sealed class Stream(int until) : ISnapshotFetcher
    {
        public async IAsyncEnumerable<SnapshotChunk> FetchAsync(
            string source, PartitionId partition, Lsn lsn, long offset, long length, [EnumeratorCancellation] CancellationToken cancellation)
        {
            for (var at = offset; at < until; at += ChunkBytes)
            {
                await Task.Yield();
                var bytes = new byte[ChunkBytes];
                yield return new SnapshotChunk(at, bytes, Crc32.HashToUInt32(bytes), IsSound: true);
            }

            if (until < FileBytes)
                throw new IOException("the stream broke");
        }
    }
}

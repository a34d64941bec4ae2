using System.Threading.Channels;
using BitArk.Cluster.Partitions;
using BitArk.Replication.Messages;
using BitArk.Replication.Sync;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;

namespace BitArk.Cluster.Replication;

/// <summary>
/// One transfer of a leader's snapshot, on a thread of its own: asks for what is missing, checks each chunk, makes durable
/// how far it came, and verifies the whole. A broken stream ends it; the next one goes on where the durable part ends.
/// </summary>
internal sealed class SnapshotFetch(PartitionStatus status, ISnapshotFetcher fetcher, ReplicaOptions options, IDisk disk, NeedFullSync order, NodeId leader)
{
    private const int ChunkBytes = 256 << 10;
    private const long SaveEveryBytes = 16L << 20;

    /// <summary>4 MiB on their way from the wire to the file.</summary>
    private const int ChunksAhead = 16;

    /// <summary>Fetches and verifies; returns when the snapshot is ready to be installed.</summary>
    /// <param name="progress">Hears 0 … 1.</param>
    /// <param name="cancellation">Gives it up; what is durable stays.</param>
    /// <exception cref="IOException">The stream or the disk failed, or what arrived is no sound snapshot.</exception>
    public async Task RunAsync(Action<double> progress, CancellationToken cancellation)
    {
        using var receiver = SnapshotReceiver.Open(options, disk, order.SnapshotLsn, order.SnapshotBytes, leader);
        var plan = new FullSyncPlan(order.SnapshotLsn, order.SnapshotBytes, ChunkBytes, receiver.DurableBytes);
        while (plan.NextRequest() is { } wanted)
        {
            progress(plan.Progress);
            await ReceiveAsync(receiver, plan, wanted, progress, cancellation).ConfigureAwait(false);
        }

        receiver.Complete();
    }

    private async Task ReceiveAsync(SnapshotReceiver receiver, FullSyncPlan plan, ChunkRange wanted, Action<double> progress, CancellationToken cancellation)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ahead = Channel.CreateBounded<SnapshotChunk>(new BoundedChannelOptions(ChunksAhead) { SingleReader = true, SingleWriter = true });
        var chunks = fetcher.FetchAsync(order.Source, order.Partition, order.SnapshotLsn, wanted.Offset, wanted.Length, reading.Token);
        var reader = ReadAheadAsync(chunks, ahead.Writer, reading.Token);
        var saving = Task.CompletedTask;
        var savedTo = receiver.DurableBytes;
        var isComplete = false;
        try
        {
            await foreach (var chunk in ahead.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                if (!Take(receiver, plan, chunk))
                    throw new IOException($"{order.Source} sent a chunk at offset {chunk.Offset} that is none of this snapshot's.");
                if (plan.ContiguousBytes - savedTo >= SaveEveryBytes)
                {
                    // One at a time: a slow disk holds the wire up rather than fill memory.
                    await saving.ConfigureAwait(false);
                    var end = savedTo = plan.ContiguousBytes;
                    saving = Task.Run(() => receiver.Save(end), CancellationToken.None);
                }

                progress(plan.Progress);
            }

            await saving.ConfigureAwait(false);
            isComplete = true;
        }
        finally
        {
            await reading.CancelAsync().ConfigureAwait(false);
            await reader.ConfigureAwait(false);
            // The file is in its hands until it ends. What it says of the disk matters more than what broke beside it.
            await saving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (saving.Exception?.InnerException is DiskException { IsFinal: true })
                await saving.ConfigureAwait(false);

            // Whatever broke it, the next try goes on from here; but a sync behind a failed one would call durable what is lost.
            if (!isComplete && saving.IsCompletedSuccessfully && plan.ContiguousBytes > receiver.DurableBytes)
                receiver.Save(plan.ContiguousBytes);
        }
    }

    // The wire stays busy while the file is written.
    private static async Task ReadAheadAsync(IAsyncEnumerable<SnapshotChunk> chunks, ChannelWriter<SnapshotChunk> into, CancellationToken cancellation)
    {
        try
        {
            await foreach (var chunk in chunks.ConfigureAwait(false))
                await into.WriteAsync(chunk, cancellation).ConfigureAwait(false);
            into.Complete();
        }
        catch (Exception broken)
        {
            into.Complete(broken);
        }
    }

    private bool Take(SnapshotReceiver receiver, FullSyncPlan plan, in SnapshotChunk chunk)
    {
        switch (plan.OnChunk(chunk.Offset, chunk.Bytes.Length, chunk.IsSound))
        {
            case ChunkVerdict.Write:
                receiver.Write(chunk.Offset, chunk.Bytes.Span);
                plan.Written(chunk.Offset);
                return true;
            case ChunkVerdict.AskAgain:
                status.Wire.ChecksumFailure();
                return true;
            case ChunkVerdict.Duplicate:
                return true;
            default:
                return false;
        }
    }
}

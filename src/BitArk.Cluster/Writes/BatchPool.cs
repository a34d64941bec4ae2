using System.Collections.Concurrent;

namespace BitArk.Cluster.Writes;

/// <summary>The few batches that go back and forth between WalActor and BitmapActor.</summary>
internal sealed class BatchPool
{
    private readonly ConcurrentQueue<CommittedBatch> _idle = new();

    public CommittedBatch Rent() => _idle.TryDequeue(out var batch) ? batch : new CommittedBatch();

    public void Return(CommittedBatch batch)
    {
        batch.Writes.Clear();
        _idle.Enqueue(batch);
    }
}

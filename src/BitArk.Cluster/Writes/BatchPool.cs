using System.Collections.Concurrent;

namespace BitArk.Cluster.Writes;

/// <summary>The few batches that go back and forth between WalActor and BitmapActor.</summary>
internal sealed class BatchPool
{
    private readonly ConcurrentQueue<WrittenBatch> _idle = new();

    public WrittenBatch Rent() => _idle.TryDequeue(out var batch) ? batch : new WrittenBatch();

    public void Return(WrittenBatch batch)
    {
        batch.Writes.Clear();
        _idle.Enqueue(batch);
    }
}

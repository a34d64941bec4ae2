using Akka.Event;
using BitArk.Cluster.Partitions;
using BitArk.Replication;
using BitArk.Storage.Disk;

namespace BitArk.Cluster.Log;

/// <summary>
/// What a reader of the log does when the disk failed in a way that says nothing of the bytes, such as a lack of descriptors:
/// they are durable, and can be read later. Each failure is counted, the first of a row logged. One thread.
/// </summary>
internal sealed class ReadRetries(PartitionStatus status, ILoggingAdapter logger)
{
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2), Random.Shared);
    private int _failures;

    /// <summary>A read failed; returns how long to wait before the next.</summary>
    public TimeSpan Failed(DiskException cause, string what)
    {
        status.Wire.LogReadFailure();
        if (_failures++ == 0)
            logger.Warning("Partition {0}: the log cannot be read {1}: {2}. That says nothing of its bytes; it is tried again until it works.", status.Id, what, cause.Message);
        return _backoff.After(_failures);
    }

    /// <summary>A read succeeded.</summary>
    public void Succeeded() => _failures = 0;
}

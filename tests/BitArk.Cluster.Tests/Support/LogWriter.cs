using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Tests.Support;

/// <summary>Appends to a log as its actor would.</summary>
internal static class LogWriter
{
    /// <summary>The first record of the store's epoch, durable; returns its end.</summary>
    public static Lsn AppendEpochStart(this ReplicaStore store)
    {
        var payload = new byte[EpochStartPayload.MaxSize];
        return store.Append(RecordType.EpochStart, payload.AsSpan(0, new EpochStartPayload("node1").Write(payload)));
    }

    /// <summary>A record of marks, durable; returns its end.</summary>
    public static Lsn AppendMarks(this ReplicaStore store, params MarkOperation[] operations)
    {
        var payload = new byte[MarksPayload.SizeOf(default, operations)];
        MarksPayload.Write(payload, default, 0, operations);
        return store.Append(RecordType.Marks, payload);
    }

    /// <summary>Applies what is in the log, and writes a snapshot of it; returns its position.</summary>
    public static Lsn Snapshot(this ReplicaStore store)
    {
        using var reader = store.Log.OpenReader();
        while (store.State.LastAppliedLsn < store.Log.WrittenLsn)
        {
            var range = Assert.IsType<LogReadResult.Range>(reader.Read(store.State.LastAppliedLsn, store.Log.WrittenLsn, 64 << 10, 1000));
            store.State.ApplyShipped(range.Bytes.Span, range.Start);
        }

        var snapshot = store.State.BeginSnapshot();
        while (!snapshot.Capture.CopySome(1 << 20))
        {
        }

        return store.Snapshots.Write(snapshot, UnpacedWrites.Instance, CancellationToken.None).Lsn;
    }

    private static Lsn Append(this ReplicaStore store, RecordType type, ReadOnlySpan<byte> payload)
    {
        while (true)
        {
            switch (store.Log.TryAppend(store.Epoch, type, 0, payload, out _, out var end))
            {
                case AppendOutcome.Appended:
                    store.Log.Flush();
                    return end;
                case AppendOutcome.NoSpace:
                    Assert.True(store.Log.OfferSpare(store.Log.Segments.Create(store.Log.SpareIndex)));
                    break;
                case AppendOutcome.FlushFirst:
                    store.Log.Flush();
                    break;
                case var outcome:
                    Assert.Fail($"{outcome}");
                    break;
            }
        }
    }
}

using BitArk.Storage.ReadTables;
using BitArk.Storage.Sessions;

namespace BitArk.Storage.Replica;

// Applying committed records in log order. Writer only; allocates nothing per record.
public sealed partial class PartitionState
{
    private NamespaceId _tableOf;
    private ReadTable? _table;

    /// <summary>Publishes how far the coming records reach; before the first of them is applied.</summary>
    public void BeginBatch(Lsn upTo)
    {
        if (upTo < ApplyingTo)
            throw new InvalidOperationException($"A batch up to {upTo} cannot follow one up to {ApplyingTo}.");
        // A full fence: no change of the batch may become visible before the position that covers it.
        Interlocked.Exchange(ref _applyingTo, upTo.Value);
    }

    /// <summary>
    /// Applies one record of marks, unless its session says that it was applied before.
    /// </summary>
    /// <param name="end">Where the record ends, within the batch begun.</param>
    /// <param name="operations">The record's operations.</param>
    /// <param name="session">0: no session.</param>
    /// <param name="sequence">&gt;= 1 with a session.</param>
    /// <param name="changed">As long as <paramref name="operations"/>; gets the ids whose state each operation changed: what was
    /// recorded for a repeat (zeros if that was not kept), zeros for an expired sequence, <see cref="ReadTable.TooScattered"/> where an operation was refused.</param>
    public ApplyResult Apply(Lsn end, ReadOnlySpan<MarkOperation> operations, SessionId session, long sequence, Span<long> changed)
    {
        CheckNext(end);
        var result = new ApplyResult(SessionDecision.Apply, 0);
        if (session.Value == 0)
        {
            ApplyOperations(operations, changed);
        }
        else
        {
            var decision = Sessions.Decide(session, sequence, end, changed, out var lowest);
            result = new ApplyResult(decision, lowest);
            if (decision == SessionDecision.Apply)
            {
                ApplyOperations(operations, changed);
                Sessions.Record(session, sequence, end, changed);
            }
        }

        Volatile.Write(ref _lastApplied, end.Value);
        return result;
    }

    /// <summary>Applies the record with which a leader began.</summary>
    public void ApplyEpochStart(Lsn start, Lsn end, Epoch epoch) => ApplyControl(start, end, epoch);

    /// <summary>Applies a pad: nothing changes, but it may be the first record of its epoch, when the <c>EpochStart</c> did not fit behind it.</summary>
    public void ApplyPad(Lsn start, Lsn end, Epoch epoch) => ApplyControl(start, end, epoch);

    private void ApplyControl(Lsn start, Lsn end, Epoch epoch)
    {
        CheckNext(end);
        if (epoch > Epochs.Last)
            Epochs.Add(epoch, start);
        Volatile.Write(ref _lastApplied, end.Value);
    }

    /// <summary>Moves over a record that changes nothing.</summary>
    public void SkipTo(Lsn end)
    {
        CheckNext(end);
        Volatile.Write(ref _lastApplied, end.Value);
    }

    private void CheckNext(Lsn end)
    {
        if (end.Value <= _lastApplied || end.Value > _applyingTo)
            throw new InvalidOperationException($"A record that ends at {end} cannot be applied between {LastAppliedLsn} and {ApplyingTo}.");
    }

    private void ApplyOperations(ReadOnlySpan<MarkOperation> operations, Span<long> changed)
    {
        for (var i = 0; i < operations.Length; i++)
        {
            PrefetchAhead(operations, i);
            ref readonly var operation = ref operations[i];
            var table = TableOf(operation.Namespace);
            changed[i] = operation.Kind == OperationKind.Mark
                ? table.Mark(operation.User, operation.Channel, operation.Range.From, operation.Range.To)
                : table.Unmark(operation.User, operation.Channel, operation.Range.From, operation.Range.To);
        }
    }

    private ReadTable TableOf(NamespaceId id)
    {
        if (_table is null || _tableOf != id)
        {
            _table = Tables.GetOrAdd(id);
            _tableOf = id;
        }

        return _table;
    }
}

namespace BitArk.Storage.Replica;

// Most of a random change is waiting for its entry and then for its block. Asked for in time, the waits of many operations overlap. Changes nothing.
public sealed partial class PartitionState
{
    private const int EntriesAhead = 16;
    private const int BlocksAhead = 6;

    /// <summary>Asks for the entries of operations that will be applied some microseconds later. Writer only.</summary>
    internal void PrefetchEntries(ReadOnlySpan<MarkOperation> operations)
    {
        foreach (ref readonly var operation in operations)
            Tables.Find(operation.Namespace)?.PrefetchEntry(operation.User, operation.Channel);
    }

    /// <summary>Asks for the blocks of operations whose entries are near. Writer only.</summary>
    internal void PrefetchBlocks(ReadOnlySpan<MarkOperation> operations)
    {
        foreach (ref readonly var operation in operations)
            Tables.Find(operation.Namespace)?.PrefetchBlock(operation.User, operation.Channel);
    }

    // Within one record, while operation i is about to be applied.
    private void PrefetchAhead(ReadOnlySpan<MarkOperation> operations, int i)
    {
        if (i == 0)
            PrefetchEntries(operations[1..Math.Min(EntriesAhead, operations.Length)]);
        if (i + EntriesAhead < operations.Length)
            PrefetchEntries(operations.Slice(i + EntriesAhead, 1));
        if (i + BlocksAhead < operations.Length)
            PrefetchBlocks(operations.Slice(i + BlocksAhead, 1));
    }
}

using BitArk.Storage.ReadTables;
using BitArk.Storage.Replica;
using BitArk.Storage.Sessions;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Replica;

/// <summary>A read set that lies in as many pieces as one may: what needs another piece is refused, by the same rule everywhere, and nothing throws.</summary>
public sealed class ScatteredSetSpecs : IDisposable
{
    private const long Chunk = 1 << 16;
    private const int Most = 1 << 22;

    private static readonly PartitionStateOptions Options =
        new(ClusterId.NewRandom(), new PartitionId(0), new LogGeometry(1 << 20), 8, 1 << 20);

    private readonly PartitionState _state = new(Options);
    private long _at = 64;

    public void Dispose() => _state.Dispose();

    [Fact]
    public void Should_refuse_what_needs_another_piece_and_take_all_else_when_a_set_is_as_scattered_as_it_may_be()
    {
        // One span of four chunks, and single ids with a chunk between each two.
        Assert.Equal(4 * Chunk, Mark(0, (4 * Chunk) - 1));
        MarkOne(Most - 1);
        var before = Cardinality();

        Assert.Equal(ReadTable.TooScattered, Mark(5 * Chunk, 5 * Chunk));
        Assert.Equal(ReadTable.TooScattered, Mark(ChunkOf(3), ChunkOf(3) + Chunk));
        Assert.Equal(ReadTable.TooScattered, Unmark(Chunk + 7, Chunk + 7));
        Assert.Equal(before, Cardinality());

        Assert.Equal(0, Unmark(5 * Chunk, 5 * Chunk));
        Assert.Equal(0, Mark(Chunk, 2 * Chunk));
        Assert.Equal(10, Mark(ChunkOf(9) + 100, ChunkOf(9) + 109));
        Assert.Equal(1, Unmark(ChunkOf(0), ChunkOf(0)));
        Assert.Equal(1, Mark(5 * Chunk, 5 * Chunk));
        Assert.Equal(ReadTable.TooScattered, Mark(ChunkOf(0), ChunkOf(0)));

        // The way out is always open.
        Assert.Equal(Ids.Max + 1 - before - 10, Mark(0, Ids.Max));
        Assert.Equal(Ids.Max + 1, Unmark(0, Ids.Max));
        Assert.Equal(0, _state.Tables.ReadSetCount);
    }

    [Fact]
    public void Should_say_which_operation_was_refused_when_a_write_is_repeated_whose_counts_are_not_kept()
    {
        MarkOne(Most);
        var operations = Enumerable.Range(1, 40).Select(user => ReplicaHarness.Operation(OperationKind.Mark, user + 1, 1, 1, 9)).ToArray();
        operations[17] = ReplicaHarness.Operation(OperationKind.Mark, 1, 1, 5 * Chunk, 5 * Chunk);
        foreach (var decision in new[] { SessionDecision.Apply, SessionDecision.Repeat })
        {
            var changed = new long[40];
            var result = Apply(operations, changed, session: 3);
            Assert.Equal((decision, 17), (result.Decision, changed.IndexOf(ReadTable.TooScattered)));
        }
    }

    [Fact]
    public void Should_say_which_operation_was_refused_also_when_it_is_repeated()
    {
        MarkOne(Most);
        MarkOperation[] operations =
        [
            ReplicaHarness.Operation(OperationKind.Mark, 2, 1, 1, 9),
            ReplicaHarness.Operation(OperationKind.Mark, 1, 1, 5 * Chunk, 5 * Chunk),
        ];
        foreach (var decision in new[] { SessionDecision.Apply, SessionDecision.Repeat })
        {
            var changed = new long[2];
            var result = Apply(operations, changed, session: 3);
            Assert.Equal(decision, result.Decision);
            Assert.Equal([9, ReadTable.TooScattered], changed);
        }
    }

    private static long ChunkOf(int index) => (6 + (2L * index)) * Chunk;

    private void MarkOne(int ids)
    {
        const int Batch = 4096;
        var operations = new MarkOperation[Batch];
        var changed = new long[Batch];
        for (var done = 0; done < ids; done += Batch)
        {
            var count = Math.Min(Batch, ids - done);
            for (var i = 0; i < count; i++)
                operations[i] = ReplicaHarness.Operation(OperationKind.Mark, 1, 1, ChunkOf(done + i), ChunkOf(done + i));
            Apply(operations.AsSpan(0, count), changed.AsSpan(0, count));
            Assert.DoesNotContain(ReadTable.TooScattered, changed);
        }
    }

    private long Mark(long from, long to) => Change(OperationKind.Mark, from, to);

    private long Unmark(long from, long to) => Change(OperationKind.Unmark, from, to);

    private long Change(OperationKind kind, long from, long to)
    {
        Span<long> changed = stackalloc long[1];
        Apply([ReplicaHarness.Operation(kind, 1, 1, from, to)], changed);
        return changed[0];
    }

    private ApplyResult Apply(ReadOnlySpan<MarkOperation> operations, Span<long> changed, long session = 0)
    {
        var end = new Lsn(_at += 64);
        _state.BeginBatch(end);
        return _state.Apply(end, operations, new SessionId(session), session == 0 ? 0 : 1, changed);
    }

    private long Cardinality()
    {
        Assert.True(_state.Tables.Find(NamespaceId.Default)!.TryCardinality(new UserId(1), new ChannelId(1), 0, Ids.Max, out var count));
        return count;
    }
}

using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Replica;

/// <summary>Records are held back, and still applied in order: what is replayed is what was applied one by one.</summary>
public sealed class LogReplaySpecs
{
    private static readonly LogGeometry Geometry = new(1 << 20);
    private static readonly PartitionStateOptions Options = new(new ClusterId(Guid.Parse("7d1f0b1e-2f6c-4f0a-9a53-0a8a9d6f0c11")), new PartitionId(0), Geometry, 64, 64L << 20);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Should_come_to_the_state_of_one_by_one_when_records_of_all_sizes_are_replayed(int seed)
    {
        using var oneByOne = new PartitionState(Options);
        using var replayed = new PartitionState(Options);
        var replay = new LogReplay(replayed, Geometry);
        var random = new Random(seed);
        var at = Geometry.Origin;
        for (var n = 0; n < 3000; n++)
        {
            var type = random.Next(100) switch { 0 => RecordType.EpochStart, 1 => RecordType.Pad, _ => RecordType.Marks };
            var operations = Operations(random);
            var (session, sequence) = (new SessionId(random.Next(3)), random.Next(1, 2000));
            var payload = type == RecordType.Marks ? Payload(session, session.Value == 0 ? 0 : sequence, operations) : [];
            var end = at.Plus(64);
            oneByOne.BeginBatch(end);
            if (type == RecordType.Marks)
                oneByOne.Apply(end, operations, session, sequence, new long[operations.Length]);
            else if (type == RecordType.Pad)
                oneByOne.SkipTo(end);
            else
                oneByOne.ApplyEpochStart(at, end, oneByOne.Epochs.Last.Next());

            replay.Visit(new WalRecord(at, end, new RecordHeader(0, 0, oneByOne.Epochs.Last, type, 0), payload));
            at = end;
        }

        replay.Complete();
        Assert.Equal(oneByOne.LastAppliedLsn, replayed.LastAppliedLsn);
        Assert.Equal(oneByOne.Epochs.Last, replayed.Epochs.Last);
        Assert.Equal(oneByOne.Digest(), replayed.Digest());
    }

    // Mostly one or a few, now and then more than are held back; few keys, so that the order shows.
    private static MarkOperation[] Operations(Random random) =>
        [.. Enumerable.Range(0, random.Next(10) switch { 0 => random.Next(30, 80), < 4 => random.Next(2, 12), _ => 1 }).Select(_ =>
        {
            var from = random.Next(200);
            return new MarkOperation(
                random.Next(3) == 0 ? OperationKind.Unmark : OperationKind.Mark,
                new NamespaceId((ushort)random.Next(2)),
                new UserId(random.Next(20)),
                new ChannelId(1),
                new MessageRange(from, from + random.Next(20)));
        })];

    private static byte[] Payload(SessionId session, long sequence, MarkOperation[] operations)
    {
        var into = new byte[MarksPayload.SizeOf(session, operations)];
        return into[..MarksPayload.Write(into, session, sequence, operations)];
    }
}

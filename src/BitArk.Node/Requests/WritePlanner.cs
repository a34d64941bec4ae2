using BitArk.Protocol.V1;
using Google.Protobuf.Collections;

namespace BitArk.Node.Requests;

/// <summary>Validates a write, all or nothing, and lays it out by partition. Pure: the same request gives the same plan.</summary>
internal sealed class WritePlanner(NamespaceTable namespaces, int partitionCount)
{
    /// <summary>Plans a mark or an unmark: one user, one channel.</summary>
    public FieldViolation? Plan(MarkRequest request, OperationKind kind, out WritePlan? plan)
    {
        plan = null;
        if (CheckTarget(request.Namespace, request.HasUser, request.User, request.HasChannel, request.Channel, out var key) is { } target)
            return target;
        if (CheckItems(request.Messages, request.Ranges, request.HasUpTo, request.UpTo) is { } items)
            return items;
        if (Check.Session(request.HasSession, request.Session, request.HasSequence, request.Sequence) is { } session)
            return session;

        var operations = new MarkOperation[CountItems(request.Messages, request.Ranges, request.HasUpTo)];
        var at = 0;
        Copy(operations, ref at, kind, key, request.Messages, request.Ranges, request.HasUpTo, request.UpTo);
        plan = new WritePlan(
            operations,
            [],
            [new PartitionShare(PartitionId.Of(key.User, partitionCount), 0, operations.Length)],
            1,
            new SessionId(request.Session),
            request.Sequence);
        return null;
    }

    /// <summary>Plans a batch: any users, any partitions.</summary>
    public FieldViolation? Plan(WriteRequest request, out WritePlan? plan)
    {
        plan = null;
        if (request.Operations.Count == 0)
            return new FieldViolation("operations", "at least one is required");
        if (Check.Count(request.Operations.Count, "operations") is { } tooMany)
            return tooMany;
        if (Check.Session(request.HasSession, request.Session, request.HasSequence, request.Sequence) is { } session)
            return session;

        var keys = new ReadSetKey[request.Operations.Count];
        var perPartition = new int[partitionCount];
        var total = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            if (CheckOperation(request.Operations[i], out keys[i], out var items) is { } violation)
                return violation.Under("operations", i);
            total += items;
            if (Check.Count(total, "operations") is { } tooManyInAll)
                return tooManyInAll with { Message = $"{tooManyInAll.Message} messages and ranges up to operations[{i}]" };
            perPartition[PartitionId.Of(keys[i].User, partitionCount).Value] += items;
        }

        plan = Layout(request, keys, perPartition, total);
        return null;
    }

    private WritePlan Layout(WriteRequest request, ReadSetKey[] keys, int[] perPartition, int total)
    {
        var shares = new List<PartitionShare>(1);
        var next = new int[perPartition.Length];
        var start = 0;
        for (var p = 0; p < perPartition.Length; p++)
        {
            next[p] = start;
            if (perPartition[p] > 0)
                shares.Add(new PartitionShare(new PartitionId(p), start, perPartition[p]));
            start += perPartition[p];
        }

        var operations = new MarkOperation[total];
        var owners = new int[total];
        for (var i = 0; i < keys.Length; i++)
        {
            var operation = request.Operations[i];
            var (kind, ids) = operation.KindCase == Operation.KindOneofCase.Mark
                ? (OperationKind.Mark, operation.Mark)
                : (OperationKind.Unmark, operation.Unmark);
            ref var at = ref next[PartitionId.Of(keys[i].User, partitionCount).Value];
            var first = at;
            Copy(operations, ref at, kind, keys[i], ids.Messages, ids.Ranges, ids.HasUpTo, ids.UpTo);
            owners.AsSpan(first, at - first).Fill(i);
        }

        return new WritePlan(operations, owners, [.. shares], keys.Length, new SessionId(request.Session), request.Sequence);
    }

    private FieldViolation? CheckOperation(Operation operation, out ReadSetKey key, out int items)
    {
        items = 0;
        if (CheckTarget(operation.Namespace, operation.HasUser, operation.User, operation.HasChannel, operation.Channel, out key) is { } target)
            return target;

        var isMark = operation.KindCase == Operation.KindOneofCase.Mark;
        var ids = isMark ? operation.Mark : operation.Unmark;
        if (ids is null)
            return new FieldViolation("mark", "one of mark and unmark is required");

        items = CountItems(ids.Messages, ids.Ranges, ids.HasUpTo);
        return CheckItems(ids.Messages, ids.Ranges, ids.HasUpTo, ids.UpTo)?.Under(isMark ? "mark" : "unmark");
    }

    private FieldViolation? CheckTarget(string name, bool hasUser, long user, bool hasChannel, long channel, out ReadSetKey key)
    {
        var violation = namespaces.Resolve(name, out var ns)
            ?? Check.RequiredId(hasUser, user, "user")
            ?? Check.RequiredId(hasChannel, channel, "channel");
        key = new ReadSetKey(ns, new UserId(user), new ChannelId(channel));
        return violation;
    }

    private static FieldViolation? CheckItems(RepeatedField<long> messages, RepeatedField<Protocol.V1.Range> ranges, bool hasUpTo, long upTo)
    {
        var count = CountItems(messages, ranges, hasUpTo);
        if (count == 0)
            return new FieldViolation("messages", "at least one of messages, ranges and upTo is required");
        return Check.Count(count, messages.Count >= ranges.Count ? "messages" : "ranges")
            ?? Check.AllIds(messages, "messages")
            ?? Check.AllRanges(ranges, "ranges")
            ?? Check.UpTo(hasUpTo, upTo);
    }

    private static int CountItems(RepeatedField<long> messages, RepeatedField<Protocol.V1.Range> ranges, bool hasUpTo) =>
        messages.Count + ranges.Count + (hasUpTo ? 1 : 0);

    private static void Copy(
        MarkOperation[] into, ref int at, OperationKind kind, ReadSetKey key, RepeatedField<long> messages, RepeatedField<Protocol.V1.Range> ranges, bool hasUpTo, long upTo)
    {
        for (var i = 0; i < messages.Count; i++)
            into[at++] = new MarkOperation(kind, key.Namespace, key.User, key.Channel, new MessageRange(messages[i], messages[i]));
        for (var i = 0; i < ranges.Count; i++)
            into[at++] = new MarkOperation(kind, key.Namespace, key.User, key.Channel, new MessageRange(ranges[i].From, ranges[i].To));
        if (hasUpTo)
            into[at++] = new MarkOperation(kind, key.Namespace, key.User, key.Channel, new MessageRange(1, upTo));
    }
}

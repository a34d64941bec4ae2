using BitArk.Cluster;
using BitArk.Node.Requests;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using BitArk.Storage.ReadTables;
using Grpc.Core;

namespace BitArk.Node.Services;

/// <content>Writes: one record per partition, answered when it is durable, committed and applied.</content>
internal sealed partial class ReadStatusService
{
    private async Task<WriteReply> MarkAsync(MarkRequest request, OperationKind kind, ServerCallContext context)
    {
        Require(_planner.Plan(request, kind, out var plan));
        var token = TokenOf(request.Token);
        using var deadline = CallDeadline.Of(context, RequestLimits.DefaultDeadline);

        RefuseIfLost(plan!, token);
        var share = plan!.Shares[0];
        var outcome = await SendAsync(plan, share, RouteOf(share, token, RequestRoute.Of(context)), deadline.Token).ConfigureAwait(false);
        if (outcome is not WriteOutcome.Committed committed)
            throw WriteErrors.From(outcome, share.Partition).ToException();

        var changed = 0L;
        foreach (var count in committed.Changed)
            changed = Saturating.Add(changed, Math.Max(0, count));
        _metrics.Changed(changed);
        if (committed.Changed.Contains(ReadTable.TooScattered))
            throw WriteErrors.TooScattered("messages").ToException();
        return new WriteReply
        {
            Changed = changed,
            Token = ReplyToken.Of(_node.ClusterId, token, share.Partition, new ReadPosition(committed.Epoch, committed.Lsn)),
        };
    }

    private async Task<WriteBatchReply> WriteAsync(WriteRequest request, ServerCallContext context)
    {
        Require(_planner.Plan(request, out var plan));
        var token = TokenOf(request.Token);
        using var deadline = CallDeadline.Of(context, RequestLimits.DefaultDeadline);

        var route = RequestRoute.Of(context);
        RefuseIfLost(plan!, token);

        // All partitions are asked before any is waited for, so that their fsyncs overlap.
        var pending = new Task<WriteOutcome>[plan!.Shares.Length];
        for (var i = 0; i < pending.Length; i++)
            pending[i] = SendAsync(plan, plan.Shares[i], RouteOf(plan.Shares[i], token, route), deadline.Token).AsTask();
        var outcomes = await Task.WhenAll(pending).ConfigureAwait(false);

        // With a single partition the call as a whole succeeds or fails; only where some may have succeeded is it told apart.
        if (outcomes is [not WriteOutcome.Committed])
            throw WriteErrors.From(outcomes[0], plan.Shares[0].Partition).ToException();

        return Answer(plan, outcomes, token);
    }

    private WriteBatchReply Answer(WritePlan plan, WriteOutcome[] outcomes, SessionToken? token)
    {
        var results = new WriteResult[plan.OwnerCount];
        for (var i = 0; i < results.Length; i++)
            results[i] = new WriteResult();

        var covered = token ?? SessionToken.Empty(_node.ClusterId);
        for (var i = 0; i < outcomes.Length; i++)
        {
            var share = plan.Shares[i];
            if (outcomes[i] is WriteOutcome.Committed committed)
            {
                AddChanges(results, plan.Owners.AsSpan(share.Start, share.Count), committed.Changed);
                covered = covered.With(new TokenEntry(share.Partition, committed.Epoch, committed.Lsn));
            }
            else
            {
                var error = WriteErrors.From(outcomes[i], share.Partition).ToMessage();
                foreach (var owner in plan.Owners.AsSpan(share.Start, share.Count))
                    results[owner].Error = error;
            }
        }

        var reply = new WriteBatchReply { Token = covered.ToString() };
        reply.Results.Add(results);
        return reply;
    }

    private void AddChanges(WriteResult[] results, ReadOnlySpan<int> owners, long[] changed)
    {
        var total = 0L;
        for (var i = 0; i < owners.Length; i++)
        {
            var owner = results[owners[i]];
            if (changed[i] == ReadTable.TooScattered)
                owner.Error = WriteErrors.TooScattered($"operations[{owners[i]}]").ToMessage();
            else
                owner.Changed = Saturating.Add(owner.Changed, changed[i]);
            total = Saturating.Add(total, Math.Max(0, changed[i]));
        }

        _metrics.Changed(total);
    }

    private static CallRoute RouteOf(PartitionShare share, SessionToken? token, in CallRoute route) =>
        token is not null && token.TryFind(share.Partition, out var seen) ? route with { Seen = new ReadPosition(seen.Epoch, seen.Lsn) } : route;

    // A write answered with a token beyond the log would tell the session something untrue. All partitions led here are looked
    // at before any is sent to; one led elsewhere is looked at there, and refuses its share alone.
    private void RefuseIfLost(WritePlan plan, SessionToken? token)
    {
        if (token is null)
            return;

        foreach (var share in plan.Shares)
        {
            var partition = _node.Partitions[share.Partition.Value];
            if (partition.Phase is PartitionPhase.Serving && token.TryFind(share.Partition, out var seen))
                ReadGate.RefuseIfLost(partition, seen);
        }
    }

    private async ValueTask<WriteOutcome> SendAsync(WritePlan plan, PartitionShare share, CallRoute route, CancellationToken cancellation)
    {
        var partition = _node.Partitions[share.Partition.Value];
        var command = new WriteCommand(plan.Operations.AsMemory(share.Start, share.Count), plan.Session, plan.Sequence, route);
        try
        {
            return await partition.WriteAsync(command, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new WriteOutcome.OutcomeUnknown(WriteErrors.DeadlinePassed);
        }
    }
}

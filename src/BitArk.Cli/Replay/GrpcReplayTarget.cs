using BitArk.Cli.Nodes;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Cli.Replay;

/// <summary>Sends a batch as one Write of one mark operation per read.</summary>
internal sealed class GrpcReplayTarget(ReadStatus.ReadStatusClient client, string ns, TimeProvider time) : IReplayTarget
{
    /// <inheritdoc/>
    public async Task<BatchOutcome> WriteAsync(IReadOnlyList<TraceRow> reads, long session, long sequence, CancellationToken cancellation)
    {
        try
        {
            var options = RepeatedCalls.Attempt(time, cancellation);
            return Outcome(await client.WriteAsync(Request(reads, session, sequence), options).ResponseAsync.ConfigureAwait(false));
        }
        catch (RpcException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            if (ReadStatusErrors.FromException(failure)?.Reason == ErrorReason.SessionExpired)
            {
                return new BatchOutcome.Forgotten();
            }

            var reason = CallFailure.Describe(failure);
            return CallFailure.MayRepeat(failure) ? new BatchOutcome.Retriable(reason) : new BatchOutcome.Refused(reason);
        }
    }

    /// <summary>The request for a batch.</summary>
    internal WriteRequest Request(IReadOnlyList<TraceRow> reads, long session, long sequence)
    {
        var request = new WriteRequest();
        if (session != 0)
        {
            request.Session = session;
            request.Sequence = sequence;
        }

        foreach (var read in reads)
        {
            var ids = new BitArk.Protocol.V1.Ids();
            if (read.From == read.To)
            {
                ids.Messages.Add(read.From);
            }
            else
            {
                ids.Ranges.Add(new BitArk.Protocol.V1.Range { From = read.From, To = read.To });
            }

            request.Operations.Add(new Operation { Namespace = ns, User = read.User, Channel = read.Channel, Mark = ids });
        }

        return request;
    }

    /// <summary>What an answer means for the whole batch: partitions may fail separately, and then it is sent again as it is.</summary>
    internal static BatchOutcome Outcome(WriteBatchReply reply)
    {
        long changed = 0;
        Error? repeatable = null;
        foreach (var result in reply.Results)
        {
            if (result.Error is null)
            {
                changed += result.Changed;
            }
            else if (result.Error.Reason == ErrorReason.SessionExpired.Name)
            {
                return new BatchOutcome.Forgotten();
            }
            else if (ErrorReason.TryParse(result.Error.Reason, out var reason) && CallFailure.MayRepeat(reason))
            {
                repeatable = result.Error;
            }
            else
            {
                return new BatchOutcome.Refused($"{result.Error.Reason}: {result.Error.Message}");
            }
        }

        return repeatable is null
            ? new BatchOutcome.Acknowledged(changed)
            : new BatchOutcome.Retriable($"{repeatable.Reason}: {repeatable.Message}");
    }
}

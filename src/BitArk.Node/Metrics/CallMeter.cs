using System.Diagnostics;
using BitArk.Protocol;
using Grpc.Core;

namespace BitArk.Node.Metrics;

/// <summary>Stands around every call: counts it, times it, and turns what was not foreseen into an answer that gives nothing away.</summary>
internal sealed partial class CallMeter(BitArkMetrics metrics, ILogger<CallMeter> logger)
{
    /// <summary>The clock reading to start a call with.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>Watches a call that has begun; one that has also ended already costs no state machine.</summary>
    public Task<T> Watch<T>(string kind, long started, Task<T> call)
    {
        if (!call.IsCompletedSuccessfully)
            return WatchAsync(kind, started, call);

        metrics.Answered(kind, BitArkMetrics.Ok, started);
        return call;
    }

    private async Task<T> WatchAsync<T>(string kind, long started, Task<T> call)
    {
        try
        {
            var result = await call.ConfigureAwait(false);
            metrics.Answered(kind, BitArkMetrics.Ok, started);
            return result;
        }
        catch (RpcException e)
        {
            metrics.Answered(kind, ReadStatusErrors.FromException(e)?.Reason.Name ?? e.StatusCode.ToString(), started);
            throw;
        }
        catch (OperationCanceledException)
        {
            metrics.Answered(kind, nameof(StatusCode.Cancelled), started);
            throw new RpcException(new Status(StatusCode.Cancelled, "The call was given up."));
        }
        catch (Exception e)
        {
            // Anything else is a defect of BitArk: all of it belongs in the log, none of it on the wire.
            metrics.Answered(kind, nameof(StatusCode.Internal), started);
            LogUnexpected(e, kind);
            throw new RpcException(new Status(StatusCode.Internal, "An unexpected error occurred; the node's log has the details."));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected error in {Kind}")]
    private partial void LogUnexpected(Exception e, string kind);
}

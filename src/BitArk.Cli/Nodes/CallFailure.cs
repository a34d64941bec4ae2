using BitArk.Protocol;
using Grpc.Core;

namespace BitArk.Cli.Nodes;

/// <summary>
/// Whether a failed call may be sent again, for calls that may be repeated without harm: reads, and marks that nobody
/// takes back. For those even an unknown outcome is a reason to try again.
/// </summary>
internal static class CallFailure
{
    /// <summary>Whether a call that ended with this may succeed later.</summary>
    public static bool MayRepeat(RpcException failure) =>
        ReadStatusErrors.FromException(failure) is { } error
            ? MayRepeat(error.Reason)
            : failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted
                or StatusCode.Aborted or StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled;

    /// <summary>Whether an operation that failed for this reason may succeed later.</summary>
    public static bool MayRepeat(ErrorReason reason) =>
        reason.IsRetriable
        || reason == ErrorReason.OutcomeUnknown
        || reason == ErrorReason.DiskLow
        || reason == ErrorReason.MemoryLimit
        || reason == ErrorReason.StorageFailed;

    /// <summary>The failure in one line.</summary>
    public static string Describe(RpcException failure) =>
        ReadStatusErrors.FromException(failure) is { } error
            ? $"{error.Reason}: {error.Message}"
            : $"{failure.StatusCode}: {failure.Status.DebugException?.Message ?? failure.Status.Detail}";
}

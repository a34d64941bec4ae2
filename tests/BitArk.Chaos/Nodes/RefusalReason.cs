using Google.Rpc;
using Grpc.Core;

namespace BitArk.Chaos.Nodes;

/// <summary>Reads the typed reason out of a failed call.</summary>
internal static class RefusalReason
{
    private static readonly HashSet<string> NothingWritten = new(StringComparer.Ordinal)
    {
        "INVALID_ARGUMENT", "NOT_LEADER", "WRONG_EPOCH", "NO_LEADER", "SESSION_EXPIRED", "OVERLOADED", "DISK_LOW", "MEMORY_LIMIT", "RECOVERING", "STORAGE_FAILED",
    };

    /// <summary>The reason in the call's <c>google.rpc.ErrorInfo</c>; null when there is none, as after a broken connection.</summary>
    public static string? Of(RpcException failure)
    {
        byte[]? details = failure.Trailers.GetValueBytes("grpc-status-details-bin");
        if (details is null)
            return null;
        Google.Rpc.Status status = Google.Rpc.Status.Parser.ParseFrom(details);
        return status.Details.Where(detail => detail.Is(ErrorInfo.Descriptor)).Select(detail => detail.Unpack<ErrorInfo>().Reason).FirstOrDefault();
    }

    /// <summary>Whether the contract promises for this reason that nothing was written.</summary>
    public static bool WroteNothing(string reason) => NothingWritten.Contains(reason);
}

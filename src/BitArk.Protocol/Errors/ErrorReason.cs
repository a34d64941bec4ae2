using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace BitArk.Protocol;

/// <summary>
/// Every reason for which BitArk refuses or fails a call: the closed set of the outer contract. The name travels in
/// <c>google.rpc.ErrorInfo.reason</c>; gRPC and HTTP status follow from it.
/// </summary>
public sealed class ErrorReason
{
    /// <summary>The <c>ErrorInfo.domain</c> of all of them.</summary>
    public const string Domain = "bitark";

    private static readonly Dictionary<string, ErrorReason> ByName = [];

    private ErrorReason(string name, StatusCode grpc, int http, bool isRetriable)
    {
        Name = name;
        GrpcStatus = grpc;
        HttpStatus = http;
        IsRetriable = isRetriable;
        ByName.Add(name, this);
    }

    /// <summary>Missing or negative id, from &gt; to, too many items, unknown namespace, malformed token. Metadata <c>field</c> names what.</summary>
    public static ErrorReason InvalidArgument { get; } = new("INVALID_ARGUMENT", StatusCode.InvalidArgument, 400, isRetriable: false);

    /// <summary>This node does not lead the partition and forwarding was turned off. Metadata <c>leader</c>, <c>epoch</c>.</summary>
    public static ErrorReason NotLeader { get; } = new("NOT_LEADER", StatusCode.Aborted, 409, isRetriable: true);

    /// <summary>The route used belongs to another epoch. Metadata <c>leader</c>, <c>epoch</c>.</summary>
    public static ErrorReason WrongEpoch { get; } = new("WRONG_EPOCH", StatusCode.Aborted, 409, isRetriable: true);

    /// <summary>No leader within the deadline; nothing was written.</summary>
    public static ErrorReason NoLeader { get; } = new("NO_LEADER", StatusCode.Unavailable, 503, isRetriable: true);

    /// <summary>The write was appended but not confirmed. Only with (session, sequence) is repeating it safe in every case.</summary>
    public static ErrorReason OutcomeUnknown { get; } = new("OUTCOME_UNKNOWN", StatusCode.Unavailable, 503, isRetriable: false);

    /// <summary>The token was not reached in time. Metadata <c>leader</c>.</summary>
    public static ErrorReason ReplicaBehind { get; } = new("REPLICA_BEHIND", StatusCode.Unavailable, 503, isRetriable: true);

    /// <summary>The token is of a history that was cut, or of another cluster.</summary>
    public static ErrorReason TokenLost { get; } = new("TOKEN_LOST", StatusCode.Aborted, 409, isRetriable: false);

    /// <summary>The sequence lies below the session's window. Metadata <c>lowestSequence</c>.</summary>
    public static ErrorReason SessionExpired { get; } = new("SESSION_EXPIRED", StatusCode.Aborted, 409, isRetriable: false);

    /// <summary>The admission limit; nothing was written. Header <c>retry-after</c>.</summary>
    public static ErrorReason Overloaded { get; } = new("OVERLOADED", StatusCode.ResourceExhausted, 429, isRetriable: true);

    /// <summary>Little disk is left: writes are refused, reads go on.</summary>
    public static ErrorReason DiskLow { get; } = new("DISK_LOW", StatusCode.ResourceExhausted, 507, isRetriable: false);

    /// <summary>Memory is at its limit: marks are refused, reads and unmarks go on.</summary>
    public static ErrorReason MemoryLimit { get; } = new("MEMORY_LIMIT", StatusCode.ResourceExhausted, 507, isRetriable: false);

    /// <summary>Snapshot or log are still being read. Metadata <c>progress</c>, 0 … 1.</summary>
    public static ErrorReason Recovering { get; } = new("RECOVERING", StatusCode.Unavailable, 503, isRetriable: true);

    /// <summary>This replica's disk failed.</summary>
    public static ErrorReason StorageFailed { get; } = new("STORAGE_FAILED", StatusCode.Internal, 500, isRetriable: false);

    /// <summary>No API key, or an unknown one.</summary>
    public static ErrorReason Unauthenticated { get; } = new("UNAUTHENTICATED", StatusCode.Unauthenticated, 401, isRetriable: false);

    /// <summary>The API key does not allow this call.</summary>
    public static ErrorReason PermissionDenied { get; } = new("PERMISSION_DENIED", StatusCode.PermissionDenied, 403, isRetriable: false);

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<ErrorReason> All => ByName.Values;

    /// <summary>The name on the wire.</summary>
    public string Name { get; }

    /// <summary>The gRPC status it travels with.</summary>
    public StatusCode GrpcStatus { get; }

    /// <summary>The HTTP status it travels with.</summary>
    public int HttpStatus { get; }

    /// <summary>Whether nothing was written and the same call may succeed later.</summary>
    public bool IsRetriable { get; }

    /// <summary>The reason of that name, if there is one.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out ErrorReason? reason) => ByName.TryGetValue(name, out reason);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

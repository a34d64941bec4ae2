using BitArk.Cluster;
using BitArk.Node.Metrics;
using BitArk.Node.Requests;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Services;

/// <summary>
/// Every operation on read sets, for gRPC and, by JSON transcoding, for HTTP. It keeps no state: a call is validated,
/// handed to its partition, and answered with a token. Reads go straight to memory, writes wait for the log.
/// </summary>
internal sealed partial class ReadStatusService : ReadStatus.ReadStatusBase, IDisposable
{
    /// <summary>At their largest, exports of this number are a few gigabytes.</summary>
    private const int MaxExports = 4;

    private static readonly TimeSpan ExportWait = TimeSpan.FromSeconds(2);

    private readonly IReadStatusNode _node;
    private readonly NamespaceTable _namespaces;
    private readonly WritePlanner _planner;
    private readonly ReadGate _gate;
    private readonly BitArkMetrics _metrics;
    private readonly CallMeter _calls;
    private readonly ExportSlots _exports = new(MaxExports, ExportWait);

    public ReadStatusService(IReadStatusNode node, ReadSettings reads, BitArkMetrics metrics, CallMeter calls)
    {
        _node = node;
        _namespaces = new NamespaceTable(node.Namespaces);
        _planner = new WritePlanner(_namespaces, node.Partitions.Count);
        _gate = new ReadGate(node, reads.TokenWait);
        _metrics = metrics;
        _calls = calls;
    }

    /// <inheritdoc/>
    public override Task<WriteReply> Mark(MarkRequest request, ServerCallContext context) =>
        _calls.Watch(OperationKinds.Mark, CallMeter.Now, MarkAsync(request, OperationKind.Mark, context));

    /// <inheritdoc/>
    public override Task<WriteReply> Unmark(MarkRequest request, ServerCallContext context) =>
        _calls.Watch(OperationKinds.Unmark, CallMeter.Now, MarkAsync(request, OperationKind.Unmark, context));

    /// <inheritdoc/>
    public override Task<WriteBatchReply> Write(WriteRequest request, ServerCallContext context) =>
        _calls.Watch(OperationKinds.Write, CallMeter.Now, WriteAsync(request, context));

    /// <inheritdoc/>
    public override Task<IsReadReply> IsRead(IsReadRequest request, ServerCallContext context) =>
        _calls.Watch(OperationKinds.IsRead, CallMeter.Now, IsReadAsync(request, context));

    /// <inheritdoc/>
    public override Task<AreReadReply> AreRead(AreReadRequest request, ServerCallContext context) =>
        _calls.Watch(OperationKinds.AreRead, CallMeter.Now, AreReadAsync(request, context));

    /// <inheritdoc/>
    public override Task<ReadStateReply> ReadState(ReadStateRequest request, ServerCallContext context) =>
        _calls.Watch(OperationKinds.ReadState, CallMeter.Now, ReadStateAsync(request, context));

    /// <inheritdoc/>
    public override Task<UnreadReply> Unread(UnreadRequest request, ServerCallContext context) =>
        _calls.Watch(OperationKinds.Unread, CallMeter.Now, UnreadAsync(request, context));

    /// <inheritdoc/>
    public override Task<ReadersReply> Readers(ReadersRequest request, ServerCallContext context) =>
        _calls.Watch(OperationKinds.Readers, CallMeter.Now, ReadersAsync(request, context));

    /// <inheritdoc/>
    public void Dispose() => _exports.Dispose();

    private PartitionId PartitionOf(UserId user) => PartitionId.Of(user, _node.Partitions.Count);

    private SessionToken? TokenOf(string text) =>
        RequestToken.Read(text, _node, out var token) is { } error ? throw error.ToException() : token;

    private static void Require(FieldViolation? violation)
    {
        if (violation is { } found)
            throw found.ToError().ToException();
    }
}

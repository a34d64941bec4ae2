using BitArk.Cluster;
using BitArk.Node.Metrics;
using BitArk.Node.Requests;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using BitArk.Storage.Roaring;
using Google.Protobuf;
using Grpc.Core;

namespace BitArk.Node.Services;

/// <content>Exports of one read set in the portable 64-bit Roaring format, for gRPC as a stream and for HTTP as one body.</content>
internal sealed partial class ReadStatusService
{
    private const int ChunkBytes = 64 * 1024;

    /// <inheritdoc/>
    public override Task Export(ReadStateRequest request, IServerStreamWriter<ExportChunk> responseStream, ServerCallContext context) =>
        _calls.Watch(OperationKinds.Export, CallMeter.Now, StreamAsync(request, responseStream, context));

    /// <summary>The whole export and its token, for the HTTP route.</summary>
    public Task<ExportedBitmap> ExportAsync(ReadStateRequest request, CallRoute route, CancellationToken cancellation) =>
        _calls.Watch(OperationKinds.Export, CallMeter.Now, MakeExportAsync(request, route, cancellation));

    private async Task<bool> StreamAsync(ReadStateRequest request, IServerStreamWriter<ExportChunk> stream, ServerCallContext context)
    {
        using var deadline = CallDeadline.Of(context, whenUnstated: null);
        using var export = await MakeExportAsync(request, RequestRoute.Of(context), deadline.Token).ConfigureAwait(false);
        var bytes = export.Bytes;
        for (var at = 0; at == 0 || at < bytes.Length; at += ChunkBytes)
        {
            var part = bytes.Slice(at, Math.Min(ChunkBytes, bytes.Length - at));
            var chunk = new ExportChunk { Data = UnsafeByteOperations.UnsafeWrap(part), Token = at == 0 ? export.Token : "" };
            await stream.WriteAsync(chunk, context.CancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task<ExportedBitmap> MakeExportAsync(ReadStateRequest request, CallRoute route, CancellationToken cancellation)
    {
        Require(ReadValidation.Validate(request, _namespaces, out ReadSetKey key));
        var token = TokenOf(request.Token);
        return await _exports.MakeAsync(() => LookUpBitmapAsync(key, request.Consistency, token, route, cancellation), cancellation).ConfigureAwait(false);
    }

    private async Task<(ReadOnlyMemory<byte> Bytes, string Token)> LookUpBitmapAsync(
        ReadSetKey key, Consistency consistency, SessionToken? token, CallRoute route, CancellationToken cancellation)
    {
        var partition = PartitionOf(key.User);
        var reads = await _gate.OpenAsync(partition, consistency, token, route, cancellation).ConfigureAwait(false);
        try
        {
            var bytes = await reads.ExportAsync(key.Namespace, key.User, key.Channel)
                .WithinAsync(reads, _node.Partitions[partition.Value], cancellation).ConfigureAwait(false);
            return (bytes, ReplyToken.Of(_node.ClusterId, token, partition, reads.Position));
        }
        catch (RoaringTooLargeException e)
        {
            throw ReadErrors.TooLarge(e.MaxBytes).ToException();
        }
    }
}

using BitArk.Node.Metrics;
using BitArk.Node.Requests;
using BitArk.Protocol.V1;
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
    public Task<ExportedBitmap> ExportAsync(ReadStateRequest request, CancellationToken cancellation) =>
        _calls.Watch(OperationKinds.Export, CallMeter.Now, LookUpBitmapAsync(request, cancellation));

    private async Task<bool> StreamAsync(ReadStateRequest request, IServerStreamWriter<ExportChunk> stream, ServerCallContext context)
    {
        using var deadline = CallDeadline.Of(context, whenUnstated: null);
        var (bytes, token) = await LookUpBitmapAsync(request, deadline.Token).ConfigureAwait(false);
        for (var at = 0; at == 0 || at < bytes.Length; at += ChunkBytes)
        {
            var part = bytes.Slice(at, Math.Min(ChunkBytes, bytes.Length - at));
            var chunk = new ExportChunk { Data = UnsafeByteOperations.UnsafeWrap(part), Token = at == 0 ? token : "" };
            await stream.WriteAsync(chunk, context.CancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task<ExportedBitmap> LookUpBitmapAsync(ReadStateRequest request, CancellationToken cancellation)
    {
        Require(ReadValidation.Validate(request, _namespaces, out ReadSetKey key));
        var token = TokenOf(request.Token);
        var partition = PartitionOf(key.User);
        var reads = await _gate.OpenAsync(partition, request.Consistency, token, cancellation).ConfigureAwait(false);
        var bytes = await reads.ExportAsync(key.Namespace, key.User, key.Channel).ConfigureAwait(false);
        return new ExportedBitmap(bytes, ReplyToken.Of(_node.ClusterId, token, partition, reads.Position));
    }
}

/// <summary>A read set in the portable 64-bit Roaring format, and the token that covers it.</summary>
internal readonly record struct ExportedBitmap(ReadOnlyMemory<byte> Bytes, string Token);

using System.IO.Hashing;
using BitArk.Protocol.Internal.V1;
using Google.Protobuf;
using Grpc.Core;

namespace BitArk.Node.Peers;

/// <content>The bytes of a snapshot file for a replica that fetches it. The file is held as long as the stream lasts.</content>
internal sealed partial class PeerService
{
    /// <summary>Large enough to keep the wire busy, small enough that a damaged piece costs little.</summary>
    internal const int SnapshotPieceBytes = 256 * 1024;

    /// <inheritdoc/>
    public override async Task FetchSnapshot(SnapshotRequest request, IServerStreamWriter<SnapshotPiece> responseStream, ServerCallContext context)
    {
        var partition = Addressed(request.Partition, context);
        if (request.Offset < 0 || request.Length < 0)
            throw new RpcException(new Status(StatusCode.InvalidArgument, "offset and length are at least 0."));

        using var snapshot = partition.Snapshots?.Open(new Lsn(request.Lsn))
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"Partition {request.Partition} has no snapshot at {request.Lsn} here."));
        var end = request.Length == 0 ? snapshot.Length : Math.Min(snapshot.Length, request.Offset + request.Length);

        // One for all pieces: a message is serialized before its WriteAsync returns.
        var buffer = new byte[Math.Min(SnapshotPieceBytes, Math.Max(0, end - request.Offset))];
        for (var at = request.Offset; at < end;)
        {
            var read = snapshot.Read(at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at)));
            if (read <= 0)
                throw new RpcException(new Status(StatusCode.DataLoss, $"The file ends at {at}, before its length of {snapshot.Length}."));

            var data = buffer.AsMemory(0, read);
            var piece = new SnapshotPiece { Offset = at, Data = UnsafeByteOperations.UnsafeWrap(data), Crc32 = Crc32.HashToUInt32(data.Span) };
            await responseStream.WriteAsync(piece, context.CancellationToken).ConfigureAwait(false);
            metrics.SnapshotSent(read);
            at += read;
        }
    }
}

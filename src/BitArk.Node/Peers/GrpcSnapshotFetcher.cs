using System.IO.Hashing;
using System.Runtime.CompilerServices;
using BitArk.Cluster;
using BitArk.Protocol.Internal.V1;
using Grpc.Core;

namespace BitArk.Node.Peers;

/// <summary>Fetches pieces of snapshot files from other nodes over gRPC.</summary>
internal sealed class GrpcSnapshotFetcher(GrpcPeers peers, PeerMetrics metrics) : ISnapshotFetcher
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<SnapshotChunk> FetchAsync(
        string source, PartitionId partition, Lsn lsn, long offset, long length, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new SnapshotRequest { Partition = partition.Value, Lsn = lsn.Value, Offset = offset, Length = length };
        using var call = peers.At(source).FetchSnapshot(request, peers.Options(null, cancellation));
        while (await NextAsync(call.ResponseStream, source, lsn, cancellation).ConfigureAwait(false))
        {
            var piece = call.ResponseStream.Current;
            var bytes = piece.Data.Memory;
            var isSound = Crc32.HashToUInt32(bytes.Span) == piece.Crc32;
            metrics.SnapshotReceived(bytes.Length, isSound);
            yield return new SnapshotChunk(piece.Offset, bytes, piece.Crc32, isSound);
        }
    }

    private static async Task<bool> NextAsync(IAsyncStreamReader<SnapshotPiece> pieces, string source, Lsn lsn, CancellationToken cancellation)
    {
        try
        {
            return await pieces.MoveNext(cancellation).ConfigureAwait(false);
        }
        catch (RpcException fault) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(fault.Message, fault, cancellation);
        }
        catch (RpcException fault)
        {
            throw new SnapshotFetchException(
                $"Fetching snapshot {lsn} from {source} ended: {fault.Status.Detail} ({fault.StatusCode})", isGone: fault.StatusCode == StatusCode.NotFound, fault);
        }
    }
}

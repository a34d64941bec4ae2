using System.Diagnostics;
using System.IO.Hashing;
using BitArk.Chaos.Clusters;
using BitArk.Protocol;
using BitArk.Protocol.Internal.V1;
using BitArk.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace BitArk.Benchmarks.Replicated;

/// <summary>The bare channel of a full sync: the same call to the same node, read into nothing. What remains is the wire, and reading a file that is in memory.</summary>
internal static class SnapshotChannel
{
    /// <summary>Bytes per second; with <paramref name="isChecked"/> the checksum of each piece is verified, as a follower does.</summary>
    public static async Task<double> MeasureAsync(Member leader, long lsn, bool isChecked)
    {
        using var channel = GrpcChannel.ForAddress(leader.Grpc, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { UseProxy = false }, DisposeHttpClient = true });
        var cluster = await new Admin.AdminClient(channel).ClusterAsync(new ClusterRequest());
        var start = Stopwatch.GetTimestamp();
        using var call = new Peer.PeerClient(channel).FetchSnapshot(
            new SnapshotRequest { Partition = 0, Lsn = lsn }, new Metadata { { BitArkHeaders.Cluster, cluster.ClusterId } });
        long bytes = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            var piece = call.ResponseStream.Current;
            if (isChecked && Crc32.HashToUInt32(piece.Data.Span) != piece.Crc32)
                throw new IOException($"A piece at {piece.Offset} arrived damaged.");
            bytes += piece.Data.Length;
        }

        return bytes / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

using BitArk.Cluster;
using BitArk.Protocol;

namespace BitArk.Node.Services;

/// <summary>The token of a reply: covers the request's and what the call saw or wrote.</summary>
internal static class ReplyToken
{
    /// <summary>The usual case of one partition; without a request token no token object is made.</summary>
    public static string Of(ClusterId cluster, SessionToken? request, PartitionId partition, ReadPosition seen)
    {
        var entry = new TokenEntry(partition, seen.Epoch, seen.Lsn);
        return request is null ? SessionToken.Format(cluster, entry) : request.With(entry).ToString();
    }
}

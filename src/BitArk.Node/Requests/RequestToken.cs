using BitArk.Cluster;
using BitArk.Protocol;

namespace BitArk.Node.Requests;

/// <summary>Reads the token that a request brings.</summary>
internal static class RequestToken
{
    /// <summary>Parses a token; none is null. Answers an error when it is malformed or can say nothing about this cluster.</summary>
    public static ReadStatusError? Read(string text, IReadStatusNode node, out SessionToken? token)
    {
        token = null;
        if (text.Length == 0)
            return null;
        if (!SessionToken.TryParse(text, out var parsed, out var failure))
            return ReadStatusError.Invalid("token", $"is not a token of BitArk ({failure}); send back exactly what a reply carried, or none");
        if (parsed.ClusterId != node.ClusterId)
        {
            return new ReadStatusError(
                ErrorReason.TokenLost,
                $"The token is of cluster {parsed.ClusterId}, this is cluster {node.ClusterId}; start a new session without it.",
                "cluster",
                node.ClusterId.ToString());
        }

        var entries = parsed.Entries;
        if (entries.Length > 0 && entries[^1].Partition.Value >= node.Partitions.Count)
            return ReadStatusError.Invalid("token", $"names partition {entries[^1].Partition}, but there are {node.Partitions.Count}");

        token = parsed;
        return null;
    }
}

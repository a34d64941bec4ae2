using BitArk.Protocol;

namespace BitArk.Chaos.ClusterHistories;

/// <summary>What must hold for the tokens of answers.</summary>
internal static class TokenRules
{
    /// <summary>Checks <see cref="ClusterRule.TokenRises"/> and <see cref="ClusterRule.TokenReal"/>.</summary>
    public static IEnumerable<ClusterFinding> Check(PartitionHistory history)
    {
        HashSet<Lsn> ends = [.. history.Log.Select(record => record.End), LogRules.First, Lsn.Zero];
        Lsn commit = history.Log.Count > 0 ? history.Log[^1].End : LogRules.First;
        Epoch last = history.Log.Count > 0 ? history.Log[^1].Epoch : Epoch.None;
        foreach (IGrouping<int, ClusterOperation> client in history.Operations.Where(operation => operation is { Outcome: Outcome.Ok, Token: not null }).GroupBy(operation => operation.Client))
        {
            TokenEntry? highest = null;
            foreach (ClusterOperation operation in client.OrderBy(operation => operation.Invoke))
            {
                TokenEntry token = operation.Token!.Value;
                if (token.Lsn > commit || token.Epoch > last)
                    yield return new ClusterFinding(ClusterRule.TokenReal, $"{operation} is beyond the final commit {last}@{commit}");
                else if (!ends.Contains(token.Lsn))
                    yield return new ClusterFinding(ClusterRule.TokenReal, $"{operation} is no end of a record");
                // A client that told nothing may be answered by a replica that is behind; all others never go back.
                if (operation.Sent is { } sent && sent.IsBeyond(token))
                    yield return new ClusterFinding(ClusterRule.TokenRises, $"{operation} answers less than {sent.Epoch}@{sent.Lsn}, which was sent");
                else if (operation is not ClusterOperation.Read { Consistency: Protocol.V1.Consistency.Any } && operation.Sent is not null && highest is { } before && before.IsBeyond(token))
                    yield return new ClusterFinding(ClusterRule.TokenRises, $"{operation} is less than {before.Epoch}@{before.Lsn}, answered to the same client before");
                if (highest is not { } known || token.IsBeyond(known))
                    highest = token;
            }
        }
    }
}

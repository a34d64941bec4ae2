using BitArk.Storage.Replica;
using BitArk.Storage.Sessions;

namespace BitArk.Cluster.Bitmap;

/// <summary>What a session's decision means to the caller.</summary>
internal static class SessionAnswers
{
    /// <summary>Null for a commit: a repeat is one too, with the result recorded the first time.</summary>
    public static WriteOutcome? ToOutcome(ApplyResult result) =>
        result.Decision == SessionDecision.Expired ? new WriteOutcome.SessionExpired(result.LowestSequence) : null;
}

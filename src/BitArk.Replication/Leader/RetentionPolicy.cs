namespace BitArk.Replication.Leader;

/// <summary>How much of the log a leader may delete.</summary>
public sealed class RetentionPolicy(RetentionSettings settings)
{
    /// <summary>Decides anew from what is the case now.</summary>
    public RetentionDecision Decide(RetentionView view) => throw new NotImplementedException(settings.ToString());
}

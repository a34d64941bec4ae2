using BitArk.Replication.Messages;

namespace BitArk.Replication.Follower;

/// <summary>What a follower takes from its leader. First the header decides, then the storage looks at the bytes.</summary>
public static class ReceiveRules
{
    /// <summary>By the header alone. The bytes are to be looked at when it says Append or Duplicate.</summary>
    public static ReceiveDecision OnHeader(in ReceivePosition position, ReplicateBatch batch) => throw new NotImplementedException();

    /// <summary>With what the storage found.</summary>
    /// <param name="position">As before.</param>
    /// <param name="byHeader">What the header alone said.</param>
    /// <param name="verdict">What the bytes are.</param>
    public static ReceiveDecision OnBytes(in ReceivePosition position, ReceiveDecision byHeader, BytesVerdict verdict) => throw new NotImplementedException();
}

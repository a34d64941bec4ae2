namespace BitArk.Node.Metrics;

/// <summary>The values of the label <c>kind</c>.</summary>
internal static class OperationKinds
{
    public const string Mark = "mark";
    public const string Unmark = "unmark";
    public const string Write = "write";
    public const string IsRead = "is_read";
    public const string AreRead = "are_read";
    public const string ReadState = "read_state";
    public const string Unread = "unread";
    public const string Readers = "readers";
    public const string Export = "export";
    public const string Cluster = "cluster";
    public const string Snapshot = "snapshot";
    public const string Collect = "collect";
    public const string TransferLeader = "transfer_leader";
}

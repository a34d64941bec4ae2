namespace BitArk.Chaos.Histories;

/// <summary>What the node said about one operation of a write. Closed union.</summary>
internal abstract record OperationAnswer
{
    private OperationAnswer()
    {
    }

    /// <summary>Durable and applied; so many ids changed. A write that was sent again may have been applied before, and zero is then right where the session did not keep the counts.</summary>
    public sealed record Acknowledged(long Changed, bool IsRepeat = false) : OperationAnswer;

    /// <summary>Refused with a typed reason that promises that nothing was written.</summary>
    public sealed record Refused(string Reason) : OperationAnswer;

    /// <summary>The answer was lost, or the node itself does not know: either outcome is right.</summary>
    public sealed record Unknown(string Reason) : OperationAnswer;
}

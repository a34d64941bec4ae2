namespace BitArk.Node.Hosting;

/// <summary>The one reason why this process has to end, if there is one; the first report counts.</summary>
internal sealed class FatalError
{
    private string? _reason;

    /// <summary>What failed, or null.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>Says what failed, in one line.</summary>
    public void Report(string reason) => Interlocked.CompareExchange(ref _reason, reason.ReplaceLineEndings(" "), null);
}

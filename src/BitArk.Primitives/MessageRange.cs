namespace BitArk;

/// <summary>The message ids <paramref name="From"/> … <paramref name="To"/>, both included; <c>From &lt;= To</c>.</summary>
/// <param name="From">First id, 0 … 2^63-2.</param>
/// <param name="To">Last id, <paramref name="From"/> … 2^63-2.</param>
public readonly record struct MessageRange(long From, long To)
{
    /// <summary>How many ids the range holds: 1 … 2^63-1.</summary>
    public long Count => To - From + 1;
}

namespace BitArk;

/// <summary>A stream of messages (chat, feed, topic): 0 … 2^63-2.</summary>
/// <param name="Value">The raw id.</param>
public readonly record struct ChannelId(long Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

namespace BitArk;

/// <summary>A user of the messaging product: 0 … 2^63-2.</summary>
/// <param name="Value">The raw id.</param>
public readonly record struct UserId(long Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

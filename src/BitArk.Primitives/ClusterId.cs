namespace BitArk;

/// <summary>The identity of a cluster, random, made when it is created; it is in every file header and every token.</summary>
/// <param name="Value">The 128-bit id.</param>
public readonly record struct ClusterId(Guid Value)
{
    /// <summary>A new random identity.</summary>
    public static ClusterId NewRandom() => new(Guid.NewGuid());

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

namespace BitArk;

/// <summary>The term of one leader of one partition: strictly increasing, never reused. 0 means "none yet".</summary>
/// <param name="Value">The number of the term.</param>
public readonly record struct Epoch(long Value) : IComparable<Epoch>
{
    /// <summary>Before any leader.</summary>
    public static readonly Epoch None;

    /// <summary>The term after this one.</summary>
    public Epoch Next() => new(checked(Value + 1));

    /// <summary>The later of two terms.</summary>
    public static Epoch Max(Epoch a, Epoch b) => a.Value >= b.Value ? a : b;

    /// <inheritdoc/>
    public int CompareTo(Epoch other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left term came first.</summary>
    public static bool operator <(Epoch left, Epoch right) => left.Value < right.Value;

    /// <summary>Whether the left term came later.</summary>
    public static bool operator >(Epoch left, Epoch right) => left.Value > right.Value;

    /// <summary>Whether the left term came first or is the same.</summary>
    public static bool operator <=(Epoch left, Epoch right) => left.Value <= right.Value;

    /// <summary>Whether the left term came later or is the same.</summary>
    public static bool operator >=(Epoch left, Epoch right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => $"E{Value}";
}

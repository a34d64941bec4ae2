using System.Globalization;

namespace BitArk;

/// <summary>
/// A position in a partition's log, in bytes from its beginning. Segments have a fixed size S, so the segment is
/// <c>Value / S</c> and the offset in it <c>Value % S</c>; a lag in bytes is a subtraction. The log is byte-identical on
/// every replica, so an Lsn means the same everywhere.
/// </summary>
/// <param name="Value">Bytes from the beginning of the log, &gt;= 0.</param>
public readonly record struct Lsn(long Value) : IComparable<Lsn>
{
    /// <summary>The very beginning: before the first record of any log.</summary>
    public static readonly Lsn Zero;

    /// <summary>The bytes from <paramref name="earlier"/> to here; negative when it is later.</summary>
    public long BytesSince(Lsn earlier) => Value - earlier.Value;

    /// <summary>The position <paramref name="bytes"/> further on.</summary>
    public Lsn Plus(long bytes) => new(checked(Value + bytes));

    /// <summary>The earlier of two positions.</summary>
    public static Lsn Min(Lsn a, Lsn b) => a.Value <= b.Value ? a : b;

    /// <summary>The later of two positions.</summary>
    public static Lsn Max(Lsn a, Lsn b) => a.Value >= b.Value ? a : b;

    /// <summary>The index of the segment that holds this position.</summary>
    public long SegmentIndex(long segmentBytes) => Value / segmentBytes;

    /// <summary>The offset in that segment.</summary>
    public long SegmentOffset(long segmentBytes) => Value % segmentBytes;

    /// <summary>The form for logs and messages, compact and greppable: <c>1:0x1F40</c> is segment 1, offset 0x1F40.</summary>
    public string Format(long segmentBytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{SegmentIndex(segmentBytes)}:0x{SegmentOffset(segmentBytes):X}");

    /// <inheritdoc/>
    public int CompareTo(Lsn other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left position comes first.</summary>
    public static bool operator <(Lsn left, Lsn right) => left.Value < right.Value;

    /// <summary>Whether the left position comes later.</summary>
    public static bool operator >(Lsn left, Lsn right) => left.Value > right.Value;

    /// <summary>Whether the left position comes first or is the same.</summary>
    public static bool operator <=(Lsn left, Lsn right) => left.Value <= right.Value;

    /// <summary>Whether the left position comes later or is the same.</summary>
    public static bool operator >=(Lsn left, Lsn right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"0x{Value:X}");
}

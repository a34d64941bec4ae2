namespace BitArk.Storage.Wal;

/// <summary>What a record carries. A reader that meets any other number stops: it must never skip what it cannot read.</summary>
public enum RecordType : byte
{
    /// <summary>One client write: 1..n operations (<see cref="MarksPayload"/>).</summary>
    Marks = 1,

    /// <summary>A leader begins its epoch (<see cref="EpochStartPayload"/>).</summary>
    EpochStart = 2,

    /// <summary>Fills the rest of a segment with zeros, because the next record did not fit.</summary>
    Pad = 3,
}

namespace BitArk.Storage.Wal;

/// <summary>One valid record of the log, as a reader sees it; valid only during the call it is handed to.</summary>
public readonly ref struct WalRecord
{
    /// <summary>Puts the parts together.</summary>
    public WalRecord(Lsn start, Lsn end, in RecordHeader header, ReadOnlySpan<byte> payload)
    {
        Start = start;
        End = end;
        Header = header;
        Payload = payload;
    }

    /// <summary>Where it begins.</summary>
    public Lsn Start { get; }

    /// <summary>Where the next record begins: the position that names "after this record".</summary>
    public Lsn End { get; }

    /// <summary>Its header.</summary>
    public RecordHeader Header { get; }

    /// <summary>The epoch of the leader that appended it.</summary>
    public Epoch Epoch => Header.Epoch;

    /// <summary>What it carries; pads are handed out too, because positions move across them.</summary>
    public RecordType Type => Header.Type;

    /// <summary>Its payload.</summary>
    public ReadOnlySpan<byte> Payload { get; }
}

/// <summary>Receives the records of a log in order.</summary>
public interface IWalRecordVisitor
{
    /// <summary>One record. An exception stops the reading and reaches the caller.</summary>
    void Visit(in WalRecord record);
}

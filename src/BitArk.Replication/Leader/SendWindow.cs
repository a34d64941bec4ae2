namespace BitArk.Replication.Leader;

/// <summary>
/// What is under way to one follower: shipments in the order of the log, from <see cref="Base"/> on. Bounded, because the
/// transport has no back-pressure and cluster heartbeats share its connection.
/// </summary>
internal sealed class SendWindow(ReplicationSettings settings)
{
    private readonly LinkedList<Shipment> _shipments = new();

    /// <summary>Granted or acked in this stream: the place to go back to.</summary>
    public Lsn Base { get; private set; }

    /// <summary>Bytes sent and not acked.</summary>
    public long Bytes { get; private set; }

    /// <summary>Records sent and not acked.</summary>
    public int Records { get; private set; }

    /// <summary>After a silence one batch at a time is sent until something is acked: the rest would only be lost as well.</summary>
    public bool IsNarrow { get; set; }

    /// <summary>Whether nothing is under way.</summary>
    public bool IsEmpty => _shipments.Count == 0;

    /// <summary>How many more bytes may be sent; 0: none.</summary>
    public int RoomBytes => IsNarrow && !IsEmpty ? 0 : (int)Math.Clamp(settings.WindowBytes - Bytes, 0, settings.BatchBytes);

    /// <summary>How many more records may be sent; 0: none.</summary>
    public int RoomRecords => IsNarrow && !IsEmpty ? 0 : Math.Max(settings.WindowRecords - Records, 0);

    /// <summary>Whether at least half of it is free.</summary>
    public bool IsHalfFree => Bytes <= settings.WindowBytes / 2 && Records <= settings.WindowRecords / 2;

    /// <summary>A stream begins here.</summary>
    public void Restart(Lsn from)
    {
        GoBackTo(Lsn.Zero);
        Base = from;
        IsNarrow = false;
    }

    /// <summary>A batch is on its way.</summary>
    public void Add(Lsn end, int bytes, int records)
    {
        _shipments.AddLast(new Shipment(end, bytes, records));
        Bytes += bytes;
        Records += records;
    }

    /// <summary>The follower has all up to here.</summary>
    public void Acked(Lsn lsn)
    {
        Base = Lsn.Max(Base, lsn);
        while (_shipments.First is { } first && first.Value.End <= lsn)
        {
            Drop(first);
        }
    }

    /// <summary>What was sent of the log behind this position is given up for lost.</summary>
    public void GoBackTo(Lsn lsn)
    {
        while (_shipments.Last is { } last && last.Value.End > lsn)
        {
            Drop(last);
        }
    }

    private void Drop(LinkedListNode<Shipment> node)
    {
        Bytes -= node.Value.Bytes;
        Records -= node.Value.Records;
        _shipments.Remove(node);
    }

    private readonly record struct Shipment(Lsn End, int Bytes, int Records);
}

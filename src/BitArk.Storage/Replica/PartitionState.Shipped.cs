using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

// Applying committed records read back from the log, while others read the state: a follower's way, and a leader's for
// what an earlier epoch left uncommitted.
public sealed partial class PartitionState
{
    private LogReplay? _replay;

    /// <summary>
    /// Applies whole records as <see cref="LogReader"/> gives them. Writer only; allocates nothing per record.
    /// </summary>
    /// <param name="records">Whole records of one segment, whose checksums were checked.</param>
    /// <param name="start">Where they begin: <see cref="LastAppliedLsn"/>.</param>
    /// <exception cref="WalCorruptException">A record is none that this build can apply; some of those before it are applied.</exception>
    /// <exception cref="InvalidOperationException">They do not begin where the state ends.</exception>
    public ShippedApplied ApplyShipped(ReadOnlySpan<byte> records, Lsn start)
    {
        var geometry = _options.Geometry;
        if (start != LastAppliedLsn)
            throw new InvalidOperationException($"Records from {start} on cannot be applied at {LastAppliedLsn}.");
        var replay = _replay ??= new LogReplay(this, geometry);
        var (count, before) = (0, replay.Operations);
        for (var lsn = start; !records.IsEmpty; count++)
        {
            if (!RecordHeader.TryRead(records, Math.Min(records.Length, geometry.MaxRecordBytes), out var header, out var reason))
                throw LogReplay.Malformed(geometry, lsn, reason);
            var room = Math.Min(LogGeometry.Align(header.Length), records.Length);
            var next = geometry.Normalise(lsn.Plus(room));
            replay.Visit(new WalRecord(lsn, next, header, records[RecordHeader.Size..header.Length]));
            records = records[room..];
            lsn = next;
        }

        replay.Complete();
        return new ShippedApplied(LastAppliedLsn, count, (int)(replay.Operations - before));
    }
}

/// <summary>What was applied.</summary>
/// <param name="End">The position after it.</param>
/// <param name="Records">Records, control records included.</param>
/// <param name="Operations">Marks and unmarks in them, repeated ones included.</param>
public readonly record struct ShippedApplied(Lsn End, int Records, int Operations);

using BitArk.Simulation.Engine;
using BitArk.Simulation.Replicas;

namespace BitArk.Simulation.Checks;

/// <summary>
/// Logs are equal up to CommitLsn on all replicas, byte for byte, and no replica's commit goes back: whenever a replica's
/// commit moves, the bytes it moves over are compared with those that were committed first.
/// </summary>
internal sealed class PrefixCheck(CommittedLog committed, IReadOnlyList<SimNode> nodes)
{
    private readonly byte[] _buffer = new byte[SimSettings.SegmentBytes];

    /// <summary>Looks at one node after a step.</summary>
    public void Look(SimNode node)
    {
        if (node.Replica is not { } replica)
            return;
        var seen = node.SeenCommit;
        if (replica.CommitLsn == seen)
            return;
        if (replica.CommitLsn < seen)
            throw new ViolationException("commit-goes-back", $"{node} went from {seen} to {replica.CommitLsn}");
        if (replica.CommitLsn > replica.WrittenLsn)
            throw new ViolationException("commit-not-durable", $"{node} commits {replica.CommitLsn}, but its log is durable up to {replica.WrittenLsn}");
        Compare(node, Lsn.Max(seen, replica.MinRetainedLsn), replica.CommitLsn);
        if (replica.CommitLsn > committed.End)
            Extend(node, replica.CommitLsn);
        node.SeenCommit = replica.CommitLsn;
    }

    /// <summary>Compares a replica's log with what is committed up to a position.</summary>
    public void CompareUpTo(SimNode node, Lsn end)
    {
        if (node.Replica is { } replica)
            Compare(node, replica.MinRetainedLsn, Lsn.Min(replica.WrittenLsn, end));
    }

    /// <summary>Whether a node's disk, running or not, holds what is committed between two positions.</summary>
    public bool Holds(SimNode node, Lsn from, Lsn to)
    {
        if (node.MinRetainedOnDisk() is { } least && least > from)
            from = Lsn.Min(least, to);
        foreach (var (start, end) in committed.Pieces(from, to))
        {
            var bytes = _buffer.AsSpan(0, (int)end.BytesSince(start));
            if (!node.TryPeek(start, bytes) || !bytes.SequenceEqual(committed.Between(start, end)))
                return false;
        }

        return true;
    }

    private void Compare(SimNode node, Lsn from, Lsn to)
    {
        foreach (var (start, end) in committed.Pieces(from, Lsn.Min(to, committed.End)))
        {
            var bytes = _buffer.AsSpan(0, (int)end.BytesSince(start));
            if (!node.TryPeek(start, bytes))
                throw new ViolationException("prefix", $"{node} has no bytes at {start}, although they are committed");
            var same = bytes.CommonPrefixLength(committed.Between(start, end));
            if (same < bytes.Length && !node.HasFlipIn(start, end))
                throw new ViolationException("prefix", $"{node} differs at {start.Plus(same)} from what is committed up to {committed.End}");
        }
    }

    private void Extend(SimNode node, Lsn to)
    {
        var from = committed.End;
        foreach (var (start, end) in committed.Pieces(from, to))
        {
            var bytes = _buffer.AsSpan(0, (int)end.BytesSince(start));
            if (!node.TryPeek(start, bytes))
                throw new ViolationException("prefix", $"{node} commits {end}, but has no bytes at {start}");
            if (node.HasFlipIn(start, end))
                Unflip(node, start, bytes);
            committed.Append(start, bytes);
        }

        committed.MoveEnd(to, node.Replica!.LeadingEpoch);
        RequireMajority(node, from, to);
    }

    // Its disk has rotted where it was right when it was shipped: what was meant differs in those bits alone.
    private static void Unflip(SimNode node, Lsn start, Span<byte> bytes)
    {
        foreach (var (at, mask) in node.Flips)
        {
            if (at >= start && at < start.Plus(bytes.Length))
                bytes[(int)at.BytesSince(start)] ^= mask;
        }
    }

    private void RequireMajority(SimNode leader, Lsn from, Lsn to)
    {
        var holders = nodes.Count(node => node.IsExcused || Holds(node, from, to));
        if (holders < (nodes.Count / 2) + 1)
            throw new ViolationException("majority-holds", $"{leader} commits {from} to {to}, which the disks of only {holders} of {nodes.Count} hold");
    }
}

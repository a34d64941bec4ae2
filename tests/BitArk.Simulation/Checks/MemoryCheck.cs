using BitArk.Simulation.Engine;
using BitArk.Simulation.Replicas;
using BitArk.Storage.Replica;

namespace BitArk.Simulation.Checks;

/// <summary>Memory is what a replay of the committed log up to LastAppliedLsn gives, and nothing above the commit is ever applied.</summary>
internal sealed class MemoryCheck(CommittedLog committed)
{
    private (Lsn At, ulong Digest)? _last;

    /// <summary>Positions that are never confused.</summary>
    public static void RequirePositions(SimNode node)
    {
        if (node.Replica is { IsDamaged: false } replica && replica.AppliedLsn > replica.CommitLsn)
            throw new ViolationException("applied-uncommitted", $"{node} has applied {replica.AppliedLsn}, but knows of a commit of {replica.CommitLsn} only");
    }

    /// <summary>Compares one replica's memory with a replay of its own.</summary>
    public void Require(SimNode node)
    {
        if (node.Replica is not { IsDamaged: false } replica)
            return;
        if (replica.AppliedLsn > committed.End)
            throw new ViolationException("applied-uncommitted", $"{node} has applied {replica.AppliedLsn}, but only {committed.End} is committed");
        var expected = DigestAt(replica.StateOptions, replica.AppliedLsn);
        var found = replica.Digest();
        if (found != expected)
            throw new ViolationException("memory-is-replay", $"{node} has the digest {found:x16} at {replica.AppliedLsn}; a replay gives {expected:x16}");
    }

    private ulong DigestAt(PartitionStateOptions options, Lsn at)
    {
        if (_last is { } last && last.At == at)
            return last.Digest;
        using var state = committed.Replay(options, at);
        if (state.LastAppliedLsn != at)
            throw new ViolationException("memory-is-replay", $"{at} is not the end of a committed record");
        var digest = state.Digest();
        _last = (at, digest);
        return digest;
    }
}

using BitArk.Cluster;
using BitArk.Protocol.Internal.V1;

namespace BitArk.Node.Peers;

/// <summary>Between <see cref="WriteOutcome"/> and what a forwarded write answers.</summary>
internal static class WriteOutcomeMessages
{
    /// <summary>The reply for an outcome.</summary>
    public static ForwardedWriteReply ToReply(WriteOutcome outcome) => outcome switch
    {
        WriteOutcome.Committed done => new() { Committed = new Committed { Position = Positions.ToMessage(new(done.Epoch, done.Lsn)), Changed = { done.Changed } } },
        WriteOutcome.Overloaded o => new() { Overloaded = new Overloaded { RetryAfterMs = (long)Math.Ceiling(o.RetryAfter.TotalMilliseconds) } },
        WriteOutcome.DiskLow o => new() { DiskLow = new DiskLow { FreeBytes = o.FreeBytes, FloorBytes = o.FloorBytes } },
        WriteOutcome.MemoryLimit o => new() { MemoryLimit = new MemoryLimit { UsedBytes = o.UsedBytes, LimitBytes = o.LimitBytes } },
        WriteOutcome.TooLarge o => new() { TooLarge = new TooLarge { Bytes = o.Bytes, MaxBytes = o.MaxBytes } },
        WriteOutcome.Recovering o => new() { Recovering = new Recovering { Progress = o.Progress } },
        WriteOutcome.NoLeader => new() { NoLeader = new Nothing() },
        WriteOutcome.NotLeader o => new() { NotLeader = Positions.ToMessage(o.Leader, o.Epoch) },
        WriteOutcome.WrongEpoch o => new() { WrongEpoch = Positions.ToMessage(o.Leader, o.Epoch) },
        WriteOutcome.TokenLost o => new() { TokenLost = new TokenLost { Seen = Positions.ToMessage(o.Seen), End = Positions.ToMessage(o.End) } },
        WriteOutcome.StorageFailed => new() { StorageFailed = new Nothing() },
        WriteOutcome.SessionExpired o => new() { SessionExpired = new SessionExpired { LowestSequence = o.LowestSequence } },
        _ => new() { OutcomeUnknown = new Nothing() },
    };

    /// <summary>The outcome of a reply; one that this version does not know may be anything.</summary>
    public static WriteOutcome FromReply(ForwardedWriteReply reply) => reply.OutcomeCase switch
    {
        ForwardedWriteReply.OutcomeOneofCase.Committed =>
            new WriteOutcome.Committed(new Epoch(reply.Committed.Position.Epoch), new Lsn(reply.Committed.Position.Lsn), [.. reply.Committed.Changed]),
        ForwardedWriteReply.OutcomeOneofCase.Overloaded => new WriteOutcome.Overloaded(TimeSpan.FromMilliseconds(reply.Overloaded.RetryAfterMs)),
        ForwardedWriteReply.OutcomeOneofCase.DiskLow => new WriteOutcome.DiskLow(reply.DiskLow.FreeBytes, reply.DiskLow.FloorBytes),
        ForwardedWriteReply.OutcomeOneofCase.MemoryLimit => new WriteOutcome.MemoryLimit(reply.MemoryLimit.UsedBytes, reply.MemoryLimit.LimitBytes),
        ForwardedWriteReply.OutcomeOneofCase.TooLarge => new WriteOutcome.TooLarge(reply.TooLarge.Bytes, reply.TooLarge.MaxBytes),
        ForwardedWriteReply.OutcomeOneofCase.Recovering => new WriteOutcome.Recovering(reply.Recovering.Progress),
        ForwardedWriteReply.OutcomeOneofCase.NoLeader => new WriteOutcome.NoLeader(),
        ForwardedWriteReply.OutcomeOneofCase.NotLeader => new WriteOutcome.NotLeader(Positions.LeaderOf(reply.NotLeader), new Epoch(reply.NotLeader.Epoch)),
        ForwardedWriteReply.OutcomeOneofCase.WrongEpoch => new WriteOutcome.WrongEpoch(Positions.LeaderOf(reply.WrongEpoch), new Epoch(reply.WrongEpoch.Epoch)),
        ForwardedWriteReply.OutcomeOneofCase.TokenLost => new WriteOutcome.TokenLost(Positions.FromMessage(reply.TokenLost.Seen), Positions.FromMessage(reply.TokenLost.End)),
        ForwardedWriteReply.OutcomeOneofCase.StorageFailed => new WriteOutcome.StorageFailed("the leader's storage failed"),
        ForwardedWriteReply.OutcomeOneofCase.SessionExpired => new WriteOutcome.SessionExpired(reply.SessionExpired.LowestSequence),
        _ => new WriteOutcome.OutcomeUnknown("the leader could not tell"),
    };
}

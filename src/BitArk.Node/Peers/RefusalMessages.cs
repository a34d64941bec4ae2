using BitArk.Cluster;
using BitArk.Protocol.Internal.V1;

namespace BitArk.Node.Peers;

/// <summary>Between <see cref="ReadRefusal"/> and its message.</summary>
internal static class RefusalMessages
{
    public static Refusal ToMessage(ReadRefusal refusal) => refusal switch
    {
        ReadRefusal.NotLeader o => new() { NotLeader = Positions.ToMessage(o.Leader, o.Epoch) },
        ReadRefusal.WrongEpoch o => new() { WrongEpoch = Positions.ToMessage(o.Leader, o.Epoch) },
        ReadRefusal.Recovering o => new() { Recovering = new Recovering { Progress = o.Progress } },
        ReadRefusal.Behind o => new() { Behind = new Behind { Seen = Positions.ToMessage(o.Seen), Leader = o.Leader?.Name ?? "" } },
        ReadRefusal.TokenLost o => new() { TokenLost = new TokenLost { Seen = Positions.ToMessage(o.Seen), End = Positions.ToMessage(o.End) } },
        ReadRefusal.StorageFailed => new() { StorageFailed = new Nothing() },
        ReadRefusal.TooLarge o => new() { TooLarge = new TooLargeToExport { MaxBytes = o.MaxBytes } },
        _ => new() { NoLeader = new Nothing() },
    };

    /// <summary>One that this version does not know is as good as nobody there.</summary>
    public static ReadRefusal FromMessage(Refusal refusal) => refusal.ReasonCase switch
    {
        Refusal.ReasonOneofCase.NotLeader => new ReadRefusal.NotLeader(Positions.LeaderOf(refusal.NotLeader), new Epoch(refusal.NotLeader.Epoch)),
        Refusal.ReasonOneofCase.WrongEpoch => new ReadRefusal.WrongEpoch(Positions.LeaderOf(refusal.WrongEpoch), new Epoch(refusal.WrongEpoch.Epoch)),
        Refusal.ReasonOneofCase.Recovering => new ReadRefusal.Recovering(refusal.Recovering.Progress),
        Refusal.ReasonOneofCase.Behind => new ReadRefusal.Behind(Positions.FromMessage(refusal.Behind.Seen), Positions.NodeOf(refusal.Behind.Leader)),
        Refusal.ReasonOneofCase.TokenLost => new ReadRefusal.TokenLost(Positions.FromMessage(refusal.TokenLost.Seen), Positions.FromMessage(refusal.TokenLost.End)),
        Refusal.ReasonOneofCase.StorageFailed => new ReadRefusal.StorageFailed(),
        Refusal.ReasonOneofCase.TooLarge => new ReadRefusal.TooLarge(refusal.TooLarge.MaxBytes),
        _ => new ReadRefusal.NoLeader(),
    };
}

namespace BitArk.Cli.Recovery;

/// <summary>What an operator asks for.</summary>
/// <param name="Partition">Only this one; null: all.</param>
/// <param name="AcceptsLoss">Do it; otherwise look and say.</param>
/// <param name="AcceptsDamage">Also where an earlier run has recorded damage.</param>
internal sealed record RecoveryOrder(int? Partition, bool AcceptsLoss, bool AcceptsDamage);

namespace BitArk.Storage.Wal;

/// <summary>One epoch and where it begins.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="First">Where its first record begins: its <see cref="RecordType.EpochStart"/>, or the pad in front of that.</param>
public readonly record struct EpochEntry(Epoch Epoch, Lsn First);

using BitArk.Storage.Wal;

namespace BitArk.Cluster.Log;

/// <summary>What the WalActor owns.</summary>
/// <param name="Log">The recovered log.</param>
/// <param name="Epoch">The epoch it begins, already durable in the epoch mark.</param>
/// <param name="FreeBytes">Looks at the file system; any thread.</param>
internal sealed record WalAccess(WriteAheadLog Log, Epoch Epoch, Func<long> FreeBytes);

using BitArk.Storage.Wal;

namespace BitArk.Cluster.Log;

/// <summary>What the WalActor owns.</summary>
/// <param name="Log">The recovered log.</param>
/// <param name="Promised">The highest epoch promised here, durable: nothing below it is taken.</param>
/// <param name="FreeBytes">Looks at the file system; any thread.</param>
internal sealed record WalAccess(WriteAheadLog Log, Epoch Promised, Func<long> FreeBytes);

using BitArk.Storage.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Cluster;

/// <summary>Tells the failures of storage that end the process from those that may pass, such as a full disk.</summary>
internal static class StorageFailure
{
    /// <summary>Whether nothing may be tried again: a sync failed, the device did, or the log has failed before.</summary>
    public static bool IsFinal(Exception cause) => cause is DiskException { IsFinal: true } or WalFailedException;
}

using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>Hears what the opening of a replica does, for its log and its progress display. Called on the opening thread.</summary>
public interface IRecoveryObserver
{
    /// <summary>How far it is, 0 … 1, never falling, and what it is doing.</summary>
    void Progress(double fraction, string activity);

    /// <summary>A snapshot was not sound; an older one, or the log alone, takes its place.</summary>
    void SnapshotRejected(string path, string reason);

    /// <summary>Bytes after the last valid record of the log were set aside and zeroed.</summary>
    void TornTail(WalTornTail tail);

    /// <summary>Something left over from before was removed or finished.</summary>
    void Tidied(string what);

    /// <summary>What this replica had is gone; an empty one begins, without a vote.</summary>
    void Lost(string what);
}

/// <summary>An observer that listens to nothing.</summary>
public sealed class SilentReplicaRecovery : IRecoveryObserver
{
    /// <summary>The one instance.</summary>
    public static readonly SilentReplicaRecovery Instance = new();

    /// <inheritdoc/>
    public void Progress(double fraction, string activity)
    {
    }

    /// <inheritdoc/>
    public void SnapshotRejected(string path, string reason)
    {
    }

    /// <inheritdoc/>
    public void TornTail(WalTornTail tail)
    {
    }

    /// <inheritdoc/>
    public void Tidied(string what)
    {
    }

    /// <inheritdoc/>
    public void Lost(string what)
    {
    }
}

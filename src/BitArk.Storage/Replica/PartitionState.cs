using BitArk.Storage.ReadTables;
using BitArk.Storage.Sessions;

namespace BitArk.Storage.Replica;

/// <summary>
/// The memory of one replica: exactly what applying its log up to <see cref="LastAppliedLsn"/> gives. One writer applies
/// record by record; any thread reads <see cref="Tables"/> and the two positions.
/// <code>
/// LastAppliedLsn &lt;= ApplyingTo
/// </code>
/// A reader takes <see cref="ApplyingTo"/> <i>after</i> its look-up: everything it can have seen lies at or below it.
/// </summary>
public sealed partial class PartitionState : IDisposable
{
    private readonly PartitionStateOptions _options;
    private long _applyingTo;
    private long _lastApplied;
    private int _disposed;
    private int _freed;

    // The owner, until it disposes of the state, and everyone who holds it.
    private int _holders = 1;

    /// <summary>The state before the first record of a log.</summary>
    public PartitionState(PartitionStateOptions options)
        : this(options, new ReadTableSet(), new SessionTable(options.SessionWindow, options.SessionMaxBytes), new EpochTable(), options.Geometry.Origin)
    {
    }

    private PartitionState(PartitionStateOptions options, ReadTableSet tables, SessionTable sessions, EpochTable epochs, Lsn at)
    {
        _options = options;
        Tables = tables;
        Tables.Hashes = options.Hashes;
        Sessions = sessions;
        Epochs = epochs;
        _applyingTo = _lastApplied = at.Value;
    }

    /// <summary>The read sets. Any thread reads; only the writer changes.</summary>
    public ReadTableSet Tables { get; }

    /// <summary>The sessions. Writer only.</summary>
    public SessionTable Sessions { get; }

    /// <summary>Which epoch wrote what. Writer only.</summary>
    public EpochTable Epochs { get; }

    /// <summary>End of what is applied. Any thread.</summary>
    public Lsn LastAppliedLsn => new(Volatile.Read(ref _lastApplied));

    /// <summary>End of the batch being applied; nothing visible lies beyond it. Any thread.</summary>
    public Lsn ApplyingTo => new(Volatile.Read(ref _applyingTo));

    /// <summary>Order-independent checksum of read sets and sessions; writer or quiescent only.</summary>
    public ulong Digest() => unchecked((Tables.Digest() * 0x9E37_79B9_7F4A_7C15) + Sessions.Digest());

    /// <summary>
    /// Frees the memory of a state that was replaced while others may have been reading it. Readers take no lock and leave no
    /// trace, but each holds a reference: when the collector finds none, the last of them has let go.
    /// </summary>
    ~PartitionState() => Free();

    /// <summary>Whether the memory is gone. Any thread.</summary>
    public bool IsFreed => Volatile.Read(ref _freed) != 0;

    /// <summary>
    /// Keeps the memory mapped until what is returned is disposed, whoever disposes of the state meanwhile: for a thread that
    /// may still be in it when its owner ends, as the writer may. Readers, of whom there are many, hold a reference. Any thread.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The memory is gone.</exception>
    public IDisposable Hold()
    {
        while (true)
        {
            var holders = Volatile.Read(ref _holders);
            ObjectDisposedException.ThrowIf(holders == 0, this);
            if (Interlocked.CompareExchange(ref _holders, holders + 1, holders) == holders)
                return new Holder(this);
        }
    }

    /// <summary>Frees the memory, now or when the last holder lets go; nobody may read any more. Again is harmless.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            LetGo();
        if (IsFreed)
            GC.SuppressFinalize(this);
    }

    private void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            Free();
    }

    private void Free()
    {
        if (Interlocked.Exchange(ref _freed, 1) != 0)
            return;
        Tables.Dispose();
        Sessions.Dispose();
    }

    private sealed class Holder(PartitionState state) : IDisposable
    {
        private PartitionState? _state = state;

        public void Dispose() => Interlocked.Exchange(ref _state, null)?.LetGo();
    }
}

using System.Threading.Tasks.Sources;
using Akka.Actor;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Writes;

/// <summary>
/// One write on its way: the message that goes from the caller through the WalActor to the BitmapActor, and the source of
/// the caller's <see cref="ValueTask{TResult}"/>. Pooled; nothing else is allocated for it on the way but its outcome.
/// <para>
/// Two references keep it out of the pool: the way's (until it has delivered an outcome) and the caller's (until it has
/// taken one). A caller that gives up waiting takes its cancellation at once and leaves the write on its way.
/// </para>
/// <para>Ownership passes with the message: only the actor that holds it changes it, and mailboxes order the accesses.</para>
/// </summary>
internal sealed class PendingWrite(WritePool pool) : IValueTaskSource<WriteOutcome>, IThreadPoolWorkItem, INoSerializationVerificationNeeded
{
    /// <summary>Larger buffers are not worth keeping for the next write, which is usually small.</summary>
    private const int KeptPayloadBytes = 16 * 1024;

    private const int Waiting = 0;
    private const int Delivered = 1;
    private const int GivenUp = 2;

    // The continuation runs where SetResult is called: in Execute, on a pool thread, never on an actor's thread.
    private ManualResetValueTaskSourceCore<WriteOutcome> _source;
    private CancellationTokenRegistration _cancellation;
    private byte[] _payload = new byte[256];
    private WriteOutcome? _refusal;
    private Epoch _epoch;
    private int _progress;
    private int _references;

    /// <summary>What kind of record it becomes.</summary>
    public RecordType Type { get; private set; }

    /// <summary>The record's payload.</summary>
    public ReadOnlySpan<byte> Payload => _payload.AsSpan(0, PayloadBytes);

    /// <summary>Length of <see cref="Payload"/>.</summary>
    public int PayloadBytes { get; private set; }

    /// <summary>What it was charged by the <see cref="AdmissionGate"/>; given back by the actor that ends it.</summary>
    public long ChargedBytes { get; set; }

    /// <summary>Where its record begins; set by the WalActor when it is appended.</summary>
    public Lsn Start { get; private set; }

    /// <summary>Where its record ends; set with <see cref="Start"/>.</summary>
    public Lsn End { get; private set; }

    /// <summary>Per operation how many ids changed; filled by the BitmapActor.</summary>
    public long[] Changed { get; private set; } = [];

    /// <summary>The caller's end.</summary>
    public ValueTask<WriteOutcome> Task => new(this, _source.Version);

    /// <summary>A buffer for the payload of at least this size; <see cref="Begin"/> says how much of it was used.</summary>
    public Span<byte> PayloadBuffer(int bytes)
    {
        if (_payload.Length < bytes)
            _payload = GC.AllocateUninitializedArray<byte>(bytes);

        return _payload;
    }

    /// <summary>Starts the way of a write whose payload has been put into the buffer.</summary>
    public void Begin(RecordType type, int payloadBytes, int operations)
    {
        Type = type;
        PayloadBytes = payloadBytes;
        Changed = operations == 0 ? [] : new long[operations];
        _progress = Waiting;
        _references = 2;
    }

    /// <summary>Lets the caller stop waiting; the write goes on.</summary>
    public void GiveUpOn(CancellationToken cancellation)
    {
        if (cancellation.CanBeCanceled)
            _cancellation = cancellation.UnsafeRegister(static (write, token) => ((PendingWrite)write!).GiveUp(token), this);
    }

    /// <summary>Its record is in the log's batch.</summary>
    public void Appended(Lsn start, Lsn end)
    {
        Start = start;
        End = end;
    }

    /// <summary>Durable, committed and applied.</summary>
    public void Commit(Epoch epoch)
    {
        _epoch = epoch;
        Deliver();
    }

    /// <summary>Ends in another outcome.</summary>
    public void Refuse(WriteOutcome outcome)
    {
        _refusal = outcome;
        Deliver();
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        _source.SetResult(_refusal ?? new WriteOutcome.Committed(_epoch, End, Changed));
        Release();
    }

    /// <inheritdoc/>
    WriteOutcome IValueTaskSource<WriteOutcome>.GetResult(short token)
    {
        // Waits for a callback that is running, so that it cannot hit the next write of this object.
        _cancellation.Dispose();
        _cancellation = default;
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            Release();
        }
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<WriteOutcome>.GetStatus(short token) => _source.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<WriteOutcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    // The work item is this object itself: waking the caller allocates nothing and never runs its code on the actor's thread.
    private void Deliver()
    {
        if (Interlocked.CompareExchange(ref _progress, Delivered, Waiting) == Waiting)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else
            Release();
    }

    private void GiveUp(CancellationToken cancellation)
    {
        if (Interlocked.CompareExchange(ref _progress, GivenUp, Waiting) == Waiting)
            _source.SetException(new OperationCanceledException(cancellation));
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _references) != 0)
            return;

        _source.Reset();
        _refusal = null;
        Changed = [];
        if (_payload.Length > KeptPayloadBytes)
            _payload = new byte[256];

        pool.Return(this);
    }
}

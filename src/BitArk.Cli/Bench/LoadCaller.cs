namespace BitArk.Cli.Bench;

/// <summary>One caller: picks its next call by its own random numbers and makes it. Its buffers are reused, so making a call allocates only what the target does.</summary>
internal sealed class LoadCaller
{
    private const int Percent = 100;
    private readonly IBenchTarget _target;
    private readonly BenchOptions _options;
    private readonly MarkOperation[] _operations;
    private readonly long[] _ids;
    private readonly int _index;
    private SplitMix64 _random;

    /// <summary>Caller <paramref name="index"/> of a run.</summary>
    public LoadCaller(int index, IBenchTarget target, BenchOptions options)
    {
        _index = index;
        _target = target;
        _options = options;
        _operations = new MarkOperation[options.Workload == Workload.Batch ? options.Batch : 1];
        _ids = new long[options.Workload == Workload.AreRead ? options.Ids : 0];
        _random = new SplitMix64(options.Seed + ((ulong)index << 32));
    }

    /// <summary>Its number.</summary>
    public int Index => _index;

    /// <summary>The kind of its next call.</summary>
    public CallKind NextKind() => _options.Workload switch
    {
        Workload.Mark => CallKind.Mark,
        Workload.Batch => CallKind.Batch,
        Workload.IsRead => CallKind.IsRead,
        Workload.AreRead => CallKind.AreRead,
        Workload.Mixed => _random.Below(Percent) < _options.ReadPercent ? CallKind.IsRead : CallKind.Mark,
        _ => throw new InvalidOperationException($"workload {_options.Workload} has no calls"),
    };

    /// <summary>Makes a call of a kind.</summary>
    public ValueTask<CallResult> CallAsync(CallKind kind, CancellationToken cancellation) => kind switch
    {
        CallKind.Mark or CallKind.Batch => Write(cancellation),
        CallKind.IsRead => _target.IsReadAsync(_index, User(), Channel(), Message(), cancellation),
        CallKind.AreRead => AreRead(cancellation),
        _ => throw new InvalidOperationException($"no call of kind {kind}"),
    };

    private ValueTask<CallResult> Write(CancellationToken cancellation)
    {
        foreach (ref var operation in _operations.AsSpan())
        {
            var message = Message();
            operation = new MarkOperation(OperationKind.Mark, NamespaceId.Default, User(), Channel(), new MessageRange(message, message));
        }

        return _target.WriteAsync(_index, _operations, cancellation);
    }

    /// <summary>Consecutive ids from a random place, as a client that shows a page of messages asks.</summary>
    private ValueTask<CallResult> AreRead(CancellationToken cancellation)
    {
        var first = 1 + _random.Below(_options.Messages - _ids.Length + 1);
        for (var i = 0; i < _ids.Length; i++)
        {
            _ids[i] = first + i;
        }

        return _target.AreReadAsync(_index, User(), Channel(), _ids, cancellation);
    }

    private UserId User() => new(1 + _random.Below(_options.Users));

    private ChannelId Channel() => new(1 + _random.Below(_options.Channels));

    private long Message() => 1 + _random.Below(_options.Messages);
}

using BitArk.Cli.Bench;

namespace BitArk.Cli.Tests.Bench;

/// <summary>Answers calls as it is told and counts what they carried.</summary>
internal sealed class FakeTarget(Func<int, ValueTask<CallResult>> answer) : IBenchTarget
{
    private int _calls;
    private long _marks;
    private long _lookUps;

    public TargetFacts Facts => new("fake", 1, "none", "");

    public int Calls => _calls;

    public long Marks => _marks;

    public long LookUps => _lookUps;

    public ValueTask<CallResult> WriteAsync(int caller, ReadOnlyMemory<MarkOperation> operations, CancellationToken cancellation)
    {
        Interlocked.Add(ref _marks, operations.Length);
        return answer(Interlocked.Increment(ref _calls));
    }

    public ValueTask<CallResult> IsReadAsync(int caller, UserId user, ChannelId channel, long message, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _lookUps);
        return answer(Interlocked.Increment(ref _calls));
    }

    public ValueTask<CallResult> AreReadAsync(int caller, UserId user, ChannelId channel, ReadOnlyMemory<long> messages, CancellationToken cancellation)
    {
        Interlocked.Add(ref _lookUps, messages.Length);
        return answer(Interlocked.Increment(ref _calls));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

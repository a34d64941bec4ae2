using BitArk.Cli.Terminal;

namespace BitArk.Cli.Nodes;

/// <summary>Bounds how long retries go on while nothing succeeds at all. Shared by all callers of a command; thread-safe.</summary>
internal sealed class AwayLimit
{
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private long _lastSuccess;
    private long _retries;

    /// <summary>Counts from now on.</summary>
    public AwayLimit(TimeSpan limit, TimeProvider time)
    {
        _limit = limit;
        _time = time;
        _lastSuccess = time.GetTimestamp();
    }

    /// <summary>Failures seen so far.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Some call succeeded: the node is there.</summary>
    public void Succeeded() => Interlocked.Exchange(ref _lastSuccess, _time.GetTimestamp());

    /// <summary>A call failed and would be repeated.</summary>
    /// <exception cref="CliException">Nothing has succeeded for longer than the limit.</exception>
    public void Failed(string reason)
    {
        Interlocked.Increment(ref _retries);
        var away = _time.GetElapsedTime(Interlocked.Read(ref _lastSuccess));
        if (away > _limit)
        {
            throw new CliException(ExitCode.NodeAway, $"no call has succeeded for {Figures.Seconds(away)}; the last failure: {reason}");
        }
    }
}

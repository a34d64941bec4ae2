namespace BitArk.Replication;

/// <summary>What paces replication (<c>bitark.replication</c>). Cannot be made with values that do not work together.</summary>
public sealed record ReplicationSettings
{
    /// <summary>The bytes in flight to one follower at which sending stops; passed by less than one record. At least 1. Default 1 MiB.</summary>
    public int WindowBytes { get; init => field = AtLeastOne(value); } = 1024 * 1024;

    /// <summary>The most records in flight to one follower, at least 1. Default 10,000.</summary>
    public int WindowRecords { get; init => field = AtLeastOne(value); } = 10_000;

    /// <summary>The bytes of log aimed at in one batch, at least 1; a longer record travels alone. Default 64 KiB.</summary>
    public int BatchBytes { get; init => field = AtLeastOne(value); } = 64 * 1024;

    /// <summary>A window full for longer makes a follower <see cref="FollowerStatus.Slow"/>. Default 5 s.</summary>
    public TimeSpan SlowAfter { get; init => field = AboveZero(value); } = TimeSpan.FromSeconds(5);

    /// <summary>Silence for longer makes a follower <see cref="FollowerStatus.Dead"/>. Default 30 s.</summary>
    public TimeSpan DeadAfter { get; init => field = AboveZero(value); } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before something unanswered is said again the first time; doubles from there. Default 500 ms.</summary>
    public TimeSpan RetryFirst { get; init => field = AboveZero(value); } = TimeSpan.FromMilliseconds(500);

    /// <summary>No wait is longer; the first one at the most. Default 5 s.</summary>
    public TimeSpan RetryLongest { get; init => field = AboveZero(value); } = TimeSpan.FromSeconds(5);

    /// <summary>A backoff with these bounds.</summary>
    public Backoff NewBackoff(Random random) => new(RetryFirst, RetryLongest > RetryFirst ? RetryLongest : RetryFirst, random);

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }

    private static TimeSpan AboveZero(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        return value;
    }
}

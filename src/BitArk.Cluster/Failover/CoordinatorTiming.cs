using BitArk.Replication.Failover;

namespace BitArk.Cluster.Failover;

/// <summary>
/// How often a coordinator asks and how patient it is. A leader that dies is unreachable after the failure detector's pause and a
/// heartbeat or two (about 1.7 s in <c>fast</c>, 3 s in <c>tuned</c>); the promises, the first record and its commit take some fsyncs
/// and round trips more, and the lease that is waited out has begun with the last heartbeat, so most of it is over. If the coordinator
/// died too, the singleton moves first (about 4 s and 9 s), and the new one has heard of everybody after one hello.
/// </summary>
/// <param name="Hello">Between two hellos to every node.</param>
/// <param name="Tick">Between two looks at the clock.</param>
/// <param name="ForgetAfter">A coordinator that says no hello for so long is told nothing more.</param>
/// <param name="Failover">The patience with each partition.</param>
internal sealed record CoordinatorTiming(TimeSpan Hello, TimeSpan Tick, TimeSpan ForgetAfter, FailoverTiming Failover)
{
    /// <summary>For busy networks and machines: silence is tolerated longer than the failure detector tolerates it.</summary>
    public static readonly CoordinatorTiming Tuned = Of(silentAfter: 4000, roundTimeout: 2000, serveTimeout: 10_000, retryFirst: 200);

    /// <summary>For quiet ones.</summary>
    public static readonly CoordinatorTiming Fast = Of(silentAfter: 2000, roundTimeout: 1000, serveTimeout: 5000, retryFirst: 100);

    /// <summary>The times of a profile.</summary>
    public static CoordinatorTiming Of(FailoverProfile profile) => profile is FailoverProfile.Fast ? Fast : Tuned;

    private static CoordinatorTiming Of(int silentAfter, int roundTimeout, int serveTimeout, int retryFirst) => new(
        Milliseconds(200),
        Milliseconds(30),
        Milliseconds(5000),
        new FailoverTiming
        {
            SilentAfter = Milliseconds(silentAfter),
            RepeatAfter = Milliseconds(200),
            ChooseAfter = TimeSpan.FromMilliseconds(50),
            RoundTimeout = Milliseconds(roundTimeout),
            ServeTimeout = Milliseconds(serveTimeout),
            HandOverTimeout = Milliseconds(2000),
            RetryFirst = Milliseconds(retryFirst),
        });

    private static TimeSpan Milliseconds(int value) => TimeSpan.FromMilliseconds(value);
}

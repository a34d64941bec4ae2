using System.Diagnostics;
using Akka.Actor;
using HdrHistogram;

namespace BitArk.Benchmarks.Replicated;

/// <summary>
/// Asks the actors that answer the cluster's heartbeats who they are, at a steady rate, and records how long each answer took. The question lies
/// in the same mailboxes, travels on the same associations and is answered by the same threads as a heartbeat.
/// </summary>
internal sealed class PingActor : ReceiveActor, IWithTimers
{
    /// <summary>Where Akka.Cluster answers heartbeats on each node.</summary>
    private const string HeartbeatReceiver = "/system/cluster/heartbeatReceiver";
    private const long MaxNanoseconds = 60_000_000_000;

    private readonly ICanTell[] _receivers;
    private readonly TimeSpan _every;
    private LongHistogram _roundTrips = new(MaxNanoseconds, 3);
    private long _asked;

    public PingActor(Address[] nodes, TimeSpan every)
    {
        _receivers = [.. nodes.Select(node => Context.ActorSelection(new RootActorPath(node) + HeartbeatReceiver))];
        _every = every;
        Receive<Tick>(_ => Ask());
        Receive<ActorIdentity>(OnAnswer);
        Receive<Take>(OnTake);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("tick", Tick.Instance, _every);

    private void Ask()
    {
        foreach (var receiver in _receivers)
        {
            receiver.Tell(new Identify(Stopwatch.GetTimestamp()), Self);
            _asked++;
        }
    }

    private void OnAnswer(ActorIdentity answer)
    {
        // Nobody there, or the way to it is closed: told by this node itself, so it is no round trip.
        if (answer.Subject is not null)
            _roundTrips.RecordValue((long)Stopwatch.GetElapsedTime((long)answer.MessageId).TotalNanoseconds);
    }

    private void OnTake(Take take)
    {
        Sender.Tell(new Pings(_roundTrips, _asked));
        (_roundTrips, _asked) = (new LongHistogram(MaxNanoseconds, 3), 0);
    }

    /// <summary>Asks for what was recorded since the last time. Answered by <see cref="Pings"/>.</summary>
    public sealed record Take;

    /// <summary>What was recorded.</summary>
    /// <param name="RoundTrips">In nanoseconds.</param>
    /// <param name="Asked">Questions sent; those not answered yet, or by nobody, count too.</param>
    public sealed record Pings(LongHistogram RoundTrips, long Asked);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}

using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Membership;

namespace BitArk.Cluster.Creation;

/// <summary>
/// Takes the steps that <see cref="CreationRules"/> decide: each is durable before any other node hears of it. Goes on after the
/// layout is binding, to notice a node of another cluster.
/// </summary>
internal sealed class CreationActor : ReceiveActor
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(10);

    private readonly CreationEnvironment _environment;
    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private IReadOnlyList<NodeFacts> _peers = [];
    private bool _hasJoined;
    private string _waitsFor = "";
    private long _said;

    public CreationActor(CreationEnvironment environment)
    {
        _environment = environment;
        Deciding();
    }

    public static Props Props(CreationEnvironment environment) => Akka.Actor.Props.Create(() => new CreationActor(environment));

    private void Deciding() => Receive<MembershipProtocol.Peers>(peers =>
    {
        Note(peers);
        Decide(peers.Facts);
    });

    private void Writing()
    {
        Receive<MembershipProtocol.Peers>(Note);
        Receive<Durable>(OnDurable);
        Receive<Failed>(failed =>
        {
            _environment.Refused($"the layout could not be made durable: {failed.Cause.Message}");
            Become(Refused);
        });
    }

    private void Refused() => Receive<MembershipProtocol.Peers>(_ => { });

    private void Note(MembershipProtocol.Peers peers) => (_peers, _hasJoined) = (peers.Facts, peers.HasJoined);

    private void Decide(IReadOnlyList<NodeFacts> peers)
    {
        var own = _environment.Own;
        if (!_hasJoined && own.Meta is not { IsBinding: true })
        {
            Wait("joining the cluster: no seed node has answered yet");
            return;
        }

        switch (CreationRules.Decide(own.ToFacts(), peers, ClusterId.NewRandom()))
        {
            case CreationDecision.Wait wait:
                Wait(wait.Text);
                break;
            case CreationDecision.Agree agree:
                Agree(agree.Meta);
                break;
            case CreationDecision.Refuse refuse:
                _environment.Refused(refuse.Reason);
                Become(Refused);
                break;
        }
    }

    private void Agree(ClusterMeta meta)
    {
        Become(Writing);
        var write = _environment.Write;
        Background.Run<object>(() =>
        {
            try
            {
                write(meta);
                return new Durable(meta);
            }
            catch (Exception e)
            {
                return new Failed(e);
            }
        }).PipeTo(Self);
    }

    private void OnDurable(Durable durable)
    {
        var meta = durable.Meta;
        _logger.Info("Cluster {0} of {1}: {2} is durable here.", meta.Layout.ClusterId, string.Join(", ", meta.Layout.Nodes), meta.Stage);
        _environment.Own.Meta = meta;
        _environment.Agreed(meta);
        Become(Deciding);
        Decide(_peers);
    }

    private void Wait(string text)
    {
        if (text == _waitsFor && _environment.Time.GetElapsedTime(_said) < RepeatAfter)
            return;

        _said = _environment.Time.GetTimestamp();
        _waitsFor = text;
        _environment.Waits(text);
        _logger.Info("Not part of a cluster yet: {0}.", text);
    }

    private sealed record Durable(ClusterMeta Meta) : INoSerializationVerificationNeeded;

    private sealed record Failed(Exception Cause) : INoSerializationVerificationNeeded;
}

/// <summary>What creation gets from its node. The calls come on an actor's thread, <see cref="Write"/> on a background one.</summary>
internal sealed record CreationEnvironment
{
    /// <summary>This node.</summary>
    public required OwnFacts Own { get; init; }

    /// <summary>The clock of repeated lines.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Makes it durable.</summary>
    public required Action<ClusterMeta> Write { get; init; }

    /// <summary>It is durable: tell the others, and start when it is binding.</summary>
    public required Action<ClusterMeta> Agreed { get; init; }

    /// <summary>What is still missing.</summary>
    public required Action<string> Waits { get; init; }

    /// <summary>This node cannot go on.</summary>
    public required Action<string> Refused { get; init; }
}

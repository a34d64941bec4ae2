using Akka.Actor;

namespace BitArk.Cluster.Tests.Support;

/// <summary>A parent that starts one child and shows a probe what the child tells it.</summary>
internal sealed class ForwardingParent : ReceiveActor
{
    public ForwardingParent(Props child, IActorRef probe, TaskCompletionSource<IActorRef> started)
    {
        started.SetResult(Context.ActorOf(child, "child"));
        ReceiveAny(message => probe.Forward(message));
    }
}

using Akka.Actor;
using Akka.Configuration;

namespace BitArk.Cluster;

/// <summary>Makes one ActorSystem after another for a node: one that was downed is of no use any more.</summary>
internal interface IActorSystems
{
    /// <summary>Makes and starts one.</summary>
    /// <exception cref="Exception">It cannot start, for example since its port is taken.</exception>
    Task<RunningSystem> StartAsync(Config config, CancellationToken cancellation);
}

/// <summary>An ActorSystem that was started.</summary>
/// <param name="System">The system.</param>
/// <param name="EndAsync">Ends it in order, with all phases of its shutdown, and whatever was made for it. May be called again, and after it has ended by itself.</param>
internal sealed record RunningSystem(ActorSystem System, Func<Task> EndAsync);

/// <summary>ActorSystems with nothing around them, for nodes without a host.</summary>
internal sealed class BareActorSystems : IActorSystems
{
    public Task<RunningSystem> StartAsync(Config config, CancellationToken cancellation)
    {
        var system = ActorSystem.Create(BitArkNode.SystemName, config);
        return Task.FromResult(new RunningSystem(system, system.Terminate));
    }
}

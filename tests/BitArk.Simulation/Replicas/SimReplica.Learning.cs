using BitArk.Replication.Messages;

namespace BitArk.Simulation.Replicas;

// After a repair it has less than it once acked: it has no vote before it has caught up with what its leader had.
internal sealed partial class SimReplica
{
    private bool IsLearning => false;

    private void StartLearning()
    {
    }

    private void LearnFrom(Heartbeat heartbeat) => _ = heartbeat;
}

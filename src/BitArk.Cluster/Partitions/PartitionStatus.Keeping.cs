using BitArk.Cluster.Writes;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Partitions;

// What outlives an ActorSystem: the next one goes on with it.
internal sealed partial class PartitionStatus
{
    private ReplicaStore? _kept;

    /// <summary>
    /// The replica's actors, for who asks them something; null while there are none that would answer, although the memory may be
    /// readable.
    /// </summary>
    public OpenReplica? Running => _phase is { IsReadable: true } and not PartitionPhase.Rejoining ? _replica : null;

    /// <summary>Leaves the open replica for the next ActorSystem. PartitionActor, when nobody uses it any more.</summary>
    public void Keep(ReplicaStore store) => Volatile.Write(ref _kept, store);

    /// <summary>Whether something was left and not taken yet.</summary>
    public bool HasKept => Volatile.Read(ref _kept) is not null;

    /// <summary>What was left, once: it belongs to whoever takes it.</summary>
    public ReplicaStore? TakeKept() => Interlocked.Exchange(ref _kept, null);

    /// <summary>There will be no next ActorSystem: closes what was left. The memory stays until the node is disposed.</summary>
    public void EndKept()
    {
        TakeKept()?.Log.Dispose();
        if (Phase is PartitionPhase.Rejoining)
            Phase = new PartitionPhase.Stopping();
    }

    /// <summary>
    /// The actors ended and left nothing: what the memory still shows may differ from what the disk holds. It is freed when the
    /// last reader has let go; the next opening reads everything again.
    /// </summary>
    public void Withdraw()
    {
        Leadership = Leadership.None;
        Phase = new PartitionPhase.Rejoining(WasReadable: false);
        Gate?.End();
        Feed.Set([]);
        (Snapshots, Replica, ReplicaViews) = (null, null, []);
        Report = default;

        // Writes that were in the mailboxes of those actors have nobody left who would give back what they were charged.
        _admission = new AdmissionGate(settings.Admission.MaxPendingBytes);
    }
}

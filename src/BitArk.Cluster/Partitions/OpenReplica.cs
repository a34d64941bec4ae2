using Akka.Actor;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Partitions;

/// <summary>A recovered replica and the addresses of its actors.</summary>
/// <param name="Store">Log, state and snapshots; each part belongs to the actor named after it.</param>
/// <param name="Wal">Owns the log.</param>
/// <param name="Bitmap">Writes the state.</param>
/// <param name="Snapshots">Writes snapshots and collects garbage.</param>
/// <param name="Reads">Reads the state.</param>
internal sealed record OpenReplica(ReplicaStore Store, IActorRef Wal, IActorRef Bitmap, IActorRef Snapshots, PartitionReads Reads);

using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

public sealed class EpochMarkFileSpecs
{
    private static readonly ClusterId Cluster = ClusterId.NewRandom();
    private static readonly PartitionDirectory Place = new DataDirectory("/d").Partition(new PartitionId(2));

    private static MemoryDisk Created()
    {
        var disk = new MemoryDisk();
        DurableDirectory.Create(disk, Place.Root);
        EpochMarkFile.Create(Place, Cluster, disk);
        return disk;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public void Should_remember_the_epoch_when_either_slot_rots(int slot)
    {
        var disk = Created();
        EpochMarkFile.Raise(Place, Cluster, new EpochPromise(new Epoch(9), Guid.Empty), disk);
        for (var i = 0; i < EpochMark.LoneSize; i++)
        {
            disk.Corrupt(Place.EpochMarkPath, bytes => bytes[slot + i] ^= 0x40);
            Assert.Equal(new Epoch(9), EpochMarkFile.Read(Place, Cluster, disk).Epoch);
            disk.Corrupt(Place.EpochMarkPath, bytes => bytes[slot + i] ^= 0x40);
        }
    }

    [Fact]
    public void Should_call_it_damage_when_both_slots_rot()
    {
        var disk = Created();
        disk.Corrupt(Place.EpochMarkPath, bytes => bytes[0] = bytes[4096] = 0);
        Assert.Throws<ReplicaDamagedException>(() => EpochMarkFile.Read(Place, Cluster, disk).Epoch);
    }

    [Fact]
    public void Should_refuse_it_when_it_belongs_to_another_cluster_or_partition()
    {
        var disk = Created();
        Assert.Throws<ReplicaDamagedException>(() => EpochMarkFile.Read(Place, ClusterId.NewRandom(), disk));
        Assert.Throws<ReplicaDamagedException>(() => EpochMarkFile.Read(Place with { Partition = new PartitionId(3) }, Cluster, disk));
    }

    [Fact]
    public void Should_hold_the_old_or_the_new_epoch_when_a_raise_is_interrupted_anywhere()
    {
        for (var at = 1; at <= 4; at++)
        {
            for (var seed = 0; seed < 6; seed++)
            {
                var memory = Created();
                EpochMarkFile.Raise(Place, Cluster, new EpochPromise(new Epoch(4), Guid.Empty), memory);
                var disk = new FaultyDisk(memory) { CrashAt = at };
                Assert.Throws<SimulatedCrashException>(() => EpochMarkFile.Raise(Place, Cluster, new EpochPromise(new Epoch(5), Guid.Empty), disk));
                Assert.InRange(EpochMarkFile.Read(Place, Cluster, memory.AfterPowerCut(seed)).Epoch.Value, 4, 5);
            }
        }
    }

    [Fact]
    public void Should_be_durable_when_a_raise_has_returned()
    {
        var disk = Created();
        EpochMarkFile.Raise(Place, Cluster, new EpochPromise(new Epoch(5), Guid.Empty), disk);
        Assert.Equal(new Epoch(5), EpochMarkFile.Read(Place, Cluster, disk.AfterPowerCut(0)).Epoch);
    }
}

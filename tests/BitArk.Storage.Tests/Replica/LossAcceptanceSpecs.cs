using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Tests.Disk;

namespace BitArk.Storage.Tests.Replica;

/// <summary>The copy in a directory becomes the truth, because an operator says so.</summary>
public sealed class LossAcceptanceSpecs
{
    private const int PowerCutsPerCall = 5;

    private static readonly Guid Proposer = new("11111111-2222-3333-4444-555555555555");
    private static readonly PartitionId Partition = new(0);

    private static DataDirectory Layout => ReplicaHarness.OneOfSeveral.Layout;

    private static PartitionDirectory Files => ReplicaHarness.Directory;

    [Fact]
    public void Should_find_where_a_sound_copy_ends_and_change_nothing()
    {
        var disk = Copy(snapshots: 2);
        var faulty = new FaultyDisk(disk);
        var copy = Inspect(faulty);

        Assert.IsType<CopyState.Sound>(copy.State);
        Assert.Equal((new Epoch(3), new Epoch(7), "", false), (copy.LastEpoch, copy.HighestEpoch, copy.LostPromises, copy.IsRejoining));
        Assert.Equal(0, faulty.Calls);
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        Assert.Equal(replica.Store.Log.WrittenLsn, copy.WrittenLsn);
    }

    [Theory]
    [InlineData("nothing", "there is no copy here")]
    [InlineData("no record", "no record was ever written")]
    [InlineData("intent", "half installed")]
    [InlineData("log", "its log is damaged at 0x")]
    [InlineData("no log", "the durable mark is missing")]
    public void Should_find_unusable_what_cannot_become_the_truth(string harm, string reason)
    {
        var disk = harm is "nothing" or "no record" ? new MemoryDisk() : Copy();
        switch (harm)
        {
            case "nothing": ReplicaHarness.JoinCluster(disk); break;
            case "no record": ReplicaHarness.OpenOneOfSeveral(disk).Dispose(); break;
            case "intent": AtomicFile.Write(disk, Files.InstallIntentPath, "x"u8); break;
            case "no log": disk.Delete(Files.DurableMarkPath); break;
            default: Flip(disk, Path.Combine(Files.WalPath, "0000000000000000.wal"), 0x90); break;
        }

        var unusable = Assert.IsType<CopyState.Unusable>(Inspect(disk).State);
        Assert.Contains(reason, unusable.Reason, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Accept(disk, acceptsDamage: true));
    }

    [Fact]
    public void Should_find_a_copy_unusable_when_its_log_begins_at_a_snapshot_that_is_bad()
    {
        using var source = new FullSyncSource(writes: 60);
        var disk = ReplicaInstallSpecs.OldReplica();
        source.Sync(disk, new EpochPromise(new Epoch(11), Proposer));
        Assert.IsType<CopyState.Sound>(Inspect(disk).State);

        Flip(disk, Files.SnapshotPath(source.Snapshot.Lsn), 300);
        Assert.Contains("no snapshot from there on is sound", Assert.IsType<CopyState.Unusable>(Inspect(disk).State).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_give_the_vote_above_every_epoch_known_when_a_loss_is_accepted()
    {
        var disk = Copy();
        AtomicFile.Write(disk, Files.RejoiningMarkPath, "rejoining\n"u8);
        var epoch = Accept(disk);
        Assert.Equal((true, 0), (epoch.Value > 7, (epoch.Value - 7) % AcceptedLoss.EpochJump));

        using var replica = ReplicaHarness.OpenOneOfSeveral(disk.AfterPowerCut(0));
        Assert.Equal((new EpochPromise(epoch, Guid.Empty), false), (replica.Store.Promised, replica.Store.IsRejoining));
        Assert.Equal(epoch, replica.Store.AcceptedLoss!.Epoch);
        Assert.Empty(replica.Store.AcceptedLoss.Admitted);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("unreadable")]
    [InlineData("lower")]
    public void Should_recover_a_copy_that_has_lost_only_what_it_promised(string mark)
    {
        var disk = Copy();
        switch (mark)
        {
            case "missing": disk.Delete(Files.EpochMarkPath); break;
            case "unreadable": AtomicFile.Write(disk, Files.EpochMarkPath, "x"u8); break;
            default: EpochMarkFile.Create(Files, ReplicaHarness.OneOfSeveral.Meta.ClusterId, disk, new EpochPromise(new Epoch(2), Proposer)); break;
        }

        Assert.Throws<ReplicaDamagedException>(() => ReplicaHarness.OpenOneOfSeveral(disk.AfterKill()));
        Assert.Contains("epoch.mark", Inspect(disk).LostPromises, StringComparison.Ordinal);
        var epoch = Accept(disk);

        Assert.Equal((true, 0), (epoch.Value > 3, (epoch.Value - 3) % AcceptedLoss.EpochJump));
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        Assert.Equal(epoch, replica.Store.Promised.Epoch);
    }

    [Fact]
    public void Should_need_another_word_when_an_earlier_run_has_found_damage()
    {
        var disk = Copy();
        AtomicFile.Write(disk, Files.DamagedMarkPath, "damaged\n"u8);
        Assert.IsType<CopyState.Suspect>(Inspect(disk).State);
        Assert.Throws<InvalidOperationException>(() => Accept(disk));
        Assert.False(disk.FileExists(Files.AcceptedLossPath));

        Accept(disk, acceptsDamage: true);
        ReplicaHarness.OpenOneOfSeveral(disk).Dispose();
    }

    // What is found later is not what was accepted.
    [Fact]
    public void Should_stay_damaged_when_damage_is_found_after_the_loss_was_accepted()
    {
        var disk = Copy();
        Accept(disk);
        using (var replica = ReplicaHarness.OpenOneOfSeveral(disk))
            replica.Store.MarkDamaged();

        Assert.Throws<ReplicaDamagedException>(() => ReplicaHarness.OpenOneOfSeveral(disk));
        Assert.Throws<ReplicaDamagedException>(() => ReplicaHarness.OpenOneOfSeveral(disk));
    }

    [Fact]
    public void Should_be_as_before_or_the_truth_when_stopped_at_any_call_and_the_truth_when_repeated()
    {
        var origin = Copy();
        AtomicFile.Write(origin, Files.RejoiningMarkPath, "rejoining\n"u8);
        var (before, after) = (0, 0);
        foreach (var (disk, where) in CrashPoints.Everywhere(disk => Accept(disk), origin))
        {
            foreach (var left in CrashPoints.Afterwards(disk, PowerCutsPerCall))
            {
                using (var replica = ReplicaHarness.OpenOneOfSeveral(left.AfterKill()))
                {
                    var store = replica.Store;
                    if (store.AcceptedLoss is { } loss)
                    {
                        after++;
                        Assert.True(store.Promised.Epoch == loss.Epoch && !store.IsRejoining, where);
                    }
                    else
                    {
                        before++;
                        Assert.True(store.Promised == new EpochPromise(new Epoch(7), Proposer) && store.IsRejoining, where);
                    }
                }

                Accept(left);
                AssertIsTruth(left, where);
            }
        }

        Assert.True(before > 5 && after > 10, $"{before} before, {after} after");
    }

    [Fact]
    public void Should_be_the_truth_when_the_opening_that_completes_it_is_stopped_at_any_call()
    {
        foreach (var (disk, where) in CrashPoints.Everywhere(disk => Accept(disk), Copy()))
        {
            var left = disk.AfterPowerCut(where.Length);
            if (!left.FileExists(Files.AcceptedLossPath))
                continue;
            foreach (var (again, second) in CrashPoints.Everywhere(interrupted => ReplicaHarness.OpenOneOfSeveral(interrupted).Dispose(), left))
            {
                AssertIsTruth(again.AfterKill(), $"{where}; then {second}");
                AssertIsTruth(again.AfterPowerCut(second.Length), $"{where}; then {second}, power cut");
            }
        }
    }

    [Fact]
    public void Should_stay_refused_until_it_is_repeated_when_the_acceptance_of_damage_is_stopped()
    {
        var origin = Copy();
        AtomicFile.Write(origin, Files.DamagedMarkPath, "damaged\n"u8);
        foreach (var (disk, where) in CrashPoints.Everywhere(disk => Accept(disk, acceptsDamage: true), origin))
        {
            foreach (var left in CrashPoints.Afterwards(disk, PowerCutsPerCall))
            {
                // With the mark gone the record is there, or a vote would be given that nobody has accepted.
                Assert.True(left.FileExists(Files.DamagedMarkPath) || left.FileExists(Files.AcceptedLossPath), where);
                Accept(left, acceptsDamage: true);
                AssertIsTruth(left, where);
            }
        }
    }

    [Fact]
    public void Should_remember_whom_it_admitted_and_forget_all_when_it_is_over()
    {
        var disk = Copy();
        Accept(disk);
        using (var replica = ReplicaHarness.OpenOneOfSeveral(disk))
        {
            replica.Store.Admit(new NodeId("node2"));
            replica.Store.Admit(new NodeId("node2"));
        }

        using (var replica = ReplicaHarness.OpenOneOfSeveral(disk.AfterPowerCut(0)))
            Assert.Equal([new NodeId("node2")], replica.Store.AcceptedLoss!.Admitted);
        using (var replica = ReplicaHarness.OpenOneOfSeveral(disk))
            replica.Store.EndAcceptedLoss();

        using var over = ReplicaHarness.OpenOneOfSeveral(disk.AfterPowerCut(0));
        Assert.Null(over.Store.AcceptedLoss);
        Assert.Throws<InvalidOperationException>(() => over.Store.Admit(new NodeId("node3")));
    }

    [Fact]
    public void Should_forget_the_acceptance_when_another_copy_is_installed_over_it()
    {
        using var source = new FullSyncSource(writes: 60);
        var disk = ReplicaInstallSpecs.OldReplica();
        Accept(disk);
        source.Sync(disk, new EpochPromise(new Epoch(1L << 30), Proposer));

        using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        Assert.Null(replica.Store.AcceptedLoss);
    }

    [Fact]
    public void Should_refuse_a_record_that_it_cannot_read_and_write_it_anew_when_told_again()
    {
        var disk = Copy();
        Accept(disk);
        Flip(disk, Files.AcceptedLossPath, 40);
        var damaged = Assert.Throws<ReplicaDamagedException>(() => ReplicaHarness.OpenOneOfSeveral(disk));
        Assert.Equal(Files.AcceptedLossPath, damaged.FilePath);
        Assert.Contains("its checksum is wrong", damaged.Message, StringComparison.Ordinal);

        Accept(disk);
        AssertIsTruth(disk, "again");
    }

    [Fact]
    public void Should_have_these_bytes()
    {
        var loss = new AcceptedLoss(new ClusterId(new Guid("00112233445566778899aabbccddeeff")), new PartitionId(5), new Epoch(0x100007), [new NodeId("node3"), new NodeId("node2")]);
        var bytes = loss.Write();
        Assert.Equal(
            "4241524b4c4f5353" + "0100" + "0100" + "0200" + "0000" + "00112233445566778899aabbccddeeff" + "05000000" + "00000000" + "0700100000000000" + "056e6f646532" + "056e6f646533",
            Convert.ToHexStringLower(bytes[..^4]));
        Assert.True(AcceptedLoss.TryRead(bytes, out var read, out _));
        Assert.Equal(["node2", "node3"], read.Admitted.Select(node => node.Name));
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(AcceptedLoss.TryRead(bytes.AsSpan(0, length), out _, out _));
    }

    [Fact]
    public void Should_keep_every_line_of_the_audit_when_interrupted_between_or_in_them()
    {
        var disk = Copy();
        RecoveryAudit.Append(Layout, ["first"], disk);
        foreach (var (left, where) in CrashPoints.Everywhere(interrupted => RecoveryAudit.Append(Layout, ["second", "third"], interrupted), disk))
        {
            foreach (var cut in CrashPoints.Afterwards(left, PowerCutsPerCall))
            {
                RecoveryAudit.Append(Layout, ["fourth"], cut);
                var lines = RecoveryAudit.Read(Layout, 16, cut);
                Assert.True(lines[0] == "first" && lines[^1] == "fourth", $"{where}: {string.Join("|", lines)}");
            }
        }

        RecoveryAudit.Append(Layout, ["second", "third"], disk);
        Assert.Equal(["second", "third"], RecoveryAudit.Read(Layout, 2, disk.AfterPowerCut(0)));
    }

    private static MemoryDisk Copy(int snapshots = 0)
    {
        var disk = new MemoryDisk();
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        replica.Lead(new Epoch(3), Proposer);
        for (var i = 1; i <= 40; i++)
        {
            replica.Mark(i, 2, i);
            if (snapshots > 0 && i % 20 == 0)
                replica.Snapshot();
        }

        replica.Store.Log.WriteMark(replica.Store.Log.WrittenLsn);
        replica.Store.Promise(new Epoch(7), Proposer);
        return disk;
    }

    private static CopyFinding Inspect(IDisk disk) => CopyInspection.Run(Layout, ReplicaHarness.OneOfSeveral.Meta, Partition, disk);

    private static Epoch Accept(IDisk disk, bool acceptsDamage = false) =>
        LossAcceptance.Accept(Layout, ReplicaHarness.OneOfSeveral.Meta, Inspect(disk), acceptsDamage, disk);

    private static void AssertIsTruth(MemoryDisk disk, string where)
    {
        using var replica = ReplicaHarness.OpenOneOfSeveral(disk);
        var store = replica.Store;
        Assert.True(store.AcceptedLoss is { } loss && store.Promised.Epoch == loss.Epoch && loss.Epoch.Value > AcceptedLoss.EpochJump && !store.IsRejoining, where);
        Assert.Equal(new Epoch(3), store.Log.LastEpoch);
    }

    private static void Flip(MemoryDisk disk, string path, int at)
    {
        using var file = disk.Open(path, DiskOpenMode.ReadWrite);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        bytes[at] ^= 0x40;
        file.Write(0, bytes);
        file.Sync();
    }
}

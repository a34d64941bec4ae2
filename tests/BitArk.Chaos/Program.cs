using BitArk.Chaos.Reporting;
using BitArk.Chaos.Verbs;

var verbs = new Dictionary<string, (string Help, Func<Options, Report, Task<int>> Run)>(StringComparer.Ordinal)
{
    ["crash"] = ("[--rounds 200] [--seed S]   kill -9 while eight connections write; restart; compare", CrashVerb.RunAsync),
    ["power"] = ("[--fs ext4|xfs] [--rounds 50] [--seed S] [--without-fdatasync]   the same with the power cut (root)", PowerVerb.RunAsync),
    ["disk-full"] = ("[--seed S]   a file system filled to the last byte under a node, and freed (root)", DiskFullVerb.RunAsync),
    ["disk-bounded"] = ("[--snapshots 20] [--seed S]   writes past many snapshots; the disk in use stays bounded", DiskBoundedVerb.RunAsync),
    ["bad-start"] = ("[--positions 6] [--seed S]   harmed files: refused in one line, or healed by the older snapshot", BadStartVerb.RunAsync),
    ["sum-trx"] = ("--dir D   adds up the results of dotnet test", SumTrxVerb.RunAsync),
    ["script"] = ("--dir D [--verify --acked FILE]   a short storage script for strace, and the check of what it left", ScriptVerb.RunAsync),
    ["strace-faults"] = ("[--every K] [--only TEXT]   the script with a fault at each of its system calls", StraceFaultsVerb.RunAsync),
    ["node-faults"] = ("[--rounds 12] [--seed S]   the disk fails one call under a whole node", NodeFaultsVerb.RunAsync),
    ["cluster-kill"] = ("[--rounds 30] [--seed S]   three nodes; followers and the leader killed under load; logs end byte-identical", ClusterKillVerb.RunAsync),
    ["cluster-failover"] = ("[--rounds 10] [--profile fast|tuned] [--seed S]   how long nobody takes writes: leader killed, with the coordinator, leadership handed over", ClusterFailoverVerb.RunAsync),
    ["cluster-rolling"] = ("[--rounds 3] [--callers 16] [--seed S]   all nodes restarted in good order, one after the other, under callers that count failed calls", ClusterRollingVerb.RunAsync),
    ["cluster-full-sync"] = ("[--seed S] [--read-sets N]   a follower whose log is gone; the transfer broken, harmed, killed; an empty node", ClusterFullSyncVerb.RunAsync),
    ["cluster-rot"] = ("[--seed S]   a bit of a follower's durable log flips; it serves nothing until repaired", ClusterRotVerb.RunAsync),
    ["cluster-gc"] = ("[--seed S]   a follower stands still; what the leader keeps for it in both modes", ClusterGcVerb.RunAsync),
    ["cluster-slow"] = ("[--pairs 3] [--seconds 30] [--commit-rule quorum|leader] [--seed S]   a follower at a tenth of the speed; memory and latency", ClusterSlowVerb.RunAsync),
    ["cluster-liveness"] = ("[--seed S]   an interrupted creation, all killed and the first seed gone, two clusters that began apart", ClusterLivenessVerb.RunAsync),
    ["cluster-recover"] = ("[--seed S]   two of three disks lost; bitark recover makes the third copy the truth", ClusterRecoverVerb.RunAsync),
    ["cluster-faults"] = ("[--faults 30] [--clusters 1] [--kinds kill,stop,…] [--profile fast|tuned] [--pause 20] [--svg FILE] [--seed S]   one fault at a time under clients that remember everything", ClusterFaultsVerb.RunAsync),
    ["cluster-power"] = ("[--rounds 50] [--seed S]   all three nodes lose their power at once (root)", ClusterFaultsVerb.PowerAsync),
    ["cluster-pause"] = ("[--rounds 3] [--pause 20] [--seed S]   a leader stands still and goes on (root)", ClusterFaultsVerb.PauseAsync),
    ["cluster-split"] = ("[--rounds 3] [--seed S]   a leader alone on its side of the network (root)", ClusterFaultsVerb.SplitAsync),
    ["redis-pair"] = ("[--rounds 10] [--wait] [--seed S]   the same kills to a Redis master with a replica; counts what it loses (redis-server)", RedisPairVerb.RunAsync),
    ["selftest"] = ("[--seed S]   the checker finds planted anomalies", SelfTestVerb.RunAsync),
};

if (args.Length == 0 || !verbs.TryGetValue(args[0], out (string Help, Func<Options, Report, Task<int>> Run) verb))
{
    Console.Error.WriteLine("usage: BitArk.Chaos VERB [OPTIONS]   (each verb is bounded, stops by itself and exits non-zero when something did not hold)");
    foreach ((string name, (string help, _)) in verbs)
        Console.Error.WriteLine($"  {name,-17} {help}");
    return 2;
}

try
{
    return await verb.Run(new Options(args[1..]), new Report());
}
catch (UsageException wrong)
{
    Console.Error.WriteLine($"{args[0]}: {wrong.Message}");
    return 2;
}

using System.Globalization;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Reporting;
using BitArk.Chaos.Script;
using BitArk.Storage.Disk;
using BitArk.Storage.ReadTables;
using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>script</c>: about 200 system calls of storage work on one thread, with a line <c>ACK n</c> after each write that is
/// durable; <c>--verify</c> recovers the directory in another process and compares. It runs under strace.
/// </summary>
internal static class ScriptVerb
{
    private const int Failed = 3;

    /// <summary>Runs the script, or verifies what it left.</summary>
    public static Task<int> RunAsync(Options options, Report report)
    {
        string directory = options.Required("--dir");
        bool verify = options.Has("--verify");
        string? acked = verify ? options.Required("--acked") : null;
        options.RefuseUnknown();
        try
        {
            if (acked is not null)
                return Task.FromResult(Verify(directory, acked));
            Run(directory);
            return Task.FromResult(0);
        }
        catch (Exception failure) when (failure is DiskException or WalException or WalFailedException or DataDirectoryException or ReplicaDamagedException or SnapshotInvalidException)
        {
            // One line for an operator; nothing more is written, because nothing more can be trusted to be durable.
            Console.Error.WriteLine($"script: {failure.Message}");
            return Task.FromResult(Failed);
        }
    }

    private static void Run(string directory)
    {
        using var replica = new ScriptReplica(directory);
        replica.Lead();
        int sequence = 0;
        foreach (MarkOperation[] write in ScriptWrites.All())
        {
            replica.Write(write, ++sequence);
            Console.Out.WriteLine($"ACK {sequence}");
            if (sequence % 16 == 0)
                replica.WriteMark();
            if (sequence is 30 or 45 or 58)
                Console.Out.WriteLine($"COLLECTED {replica.SnapshotAndCollect()}");
        }

        replica.WriteMark();
        Console.Out.WriteLine("DONE");
    }

    private static int Verify(string directory, string ackedFile)
    {
        int acked = File.ReadLines(ackedFile)
            .Where(line => line.StartsWith("ACK ", StringComparison.Ordinal))
            .Select(line => int.Parse(line.AsSpan(4), CultureInfo.InvariantCulture))
            .DefaultIfEmpty(0)
            .Max();
        ulong digest;
        using (var replica = new ScriptReplica(directory))
        {
            digest = replica.State.Digest();
            Dictionary<ReadSetKey, RangeSet> found = ContentOf(replica.State.Tables);
            // The write after the last acknowledged one may have reached the disk.
            int writes = Enumerable.Range(acked, 2).Where(count => count <= ScriptWrites.Count).FirstOrDefault(count => Same(found, ScriptWrites.StateAfter(count)), -1);
            if (writes < 0)
                return Say($"script: {acked} writes were acknowledged, and what was found is neither these nor these and one more", Failed);
            Console.Out.WriteLine($"VERIFIED acknowledged={acked} found={writes}");
        }

        using (var again = new ScriptReplica(directory))
        {
            if (again.State.Digest() != digest)
                return Say("script: recovering a second time gave another state", Failed);
            again.Lead();
        }

        return 0;
    }

    private static Dictionary<ReadSetKey, RangeSet> ContentOf(ReadTableSet tables)
    {
        Dictionary<ReadSetKey, RangeSet> found = [];
        foreach ((NamespaceId ns, ReadTable table) in tables.All())
            table.ForEach((user, channel, ranges) => found.Add(new ReadSetKey(ns, user, channel), new RangeSet(ranges.ToArray())));
        return found;
    }

    private static bool Same(Dictionary<ReadSetKey, RangeSet> left, Dictionary<ReadSetKey, RangeSet> right) =>
        left.Count == right.Count && left.All(state => right.TryGetValue(state.Key, out RangeSet? other) && other.Equals(state.Value));

    private static int Say(string line, int code)
    {
        Console.Error.WriteLine(line);
        return code;
    }
}

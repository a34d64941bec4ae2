using System.Net.Http.Json;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary><c>disk-full</c>: a file system filled to the last byte under a running node, and freed again.</summary>
internal static class DiskFullVerb
{
    private const int Megabytes = 96;
    private static readonly TimeSpan RefusedWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HealedWithin = TimeSpan.FromSeconds(30);

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        string verb = $"disk-full seed={seed}";
        if (!Signals.IsRoot || Tool.Missing(LoopFileSystem.Programs("ext4")) is not null)
        {
            report.Skip($"{verb}: needs root and {string.Join(", ", LoopFileSystem.Programs("ext4"))}");
            return report.Finish(verb);
        }

        using var scratch = new ScratchDirectory("disk-full");
        await using LoopFileSystem disk = await LoopFileSystem.CreateAsync(scratch.FullPath, "ext4", Megabytes);
        var settings = new NodeSettings { DataDirectory = Path.Combine(disk.MountPoint, "data"), Partitions = 1, DiskFloorBytes = 4 << 20 };
        var writer = new OneWriter(seed, settings.Partitions);
        try
        {
            await FillAndFreeAsync(binary, settings, disk, writer, report);
        }
        catch (Exception failure) when (Verdict.IsFinding(failure))
        {
            report.Fail(failure.Message);
        }

        return report.Finish(verb);
    }

    private static async Task FillAndFreeAsync(string binary, NodeSettings settings, LoopFileSystem disk, OneWriter writer, Report report)
    {
        using var filler = new Filler(Path.Combine(disk.MountPoint, "filler"));
        await using (NodeProcess node = await NodeProcess.StartAsync(binary, settings))
        {
            using var client = new NodeClient(node.Grpc);
            report.Check(await writer.WriteAsync(client, times: 500) is null, "500 writes are acknowledged while there is room");
            report.Say($"filled with {filler.Fill()} bytes");
            await CheckFullAsync(node, client, writer, report);
            await node.KillAsync();
        }

        await using (NodeProcess node = await NodeProcess.StartAsync(binary, settings))
        {
            using var client = new NodeClient(node.Grpc);
            report.Pass("killed and started again while the disk is full");
            await CheckFullAsync(node, client, writer, report);

            filler.Dispose();
            // Several in a row: unmarks are taken on a full disk too, as long as the log has room.
            bool healed = await Eventually.HoldsAsync(async () => await writer.WriteAsync(client, times: 20) is null, HealedWithin);
            report.Check(healed, "writes resume by themselves after space is freed", node.Tail());
            OperationAnswer? other = await writer.WriteAsync(client, times: 500);
            report.Check(other is null, "500 more writes are acknowledged", $"{other}{node.Tail()}");
            await CheckReadsAsync(client, writer, "after space was freed", report);
            await node.KillAsync();
        }

        await using (NodeProcess node = await NodeProcess.StartAsync(binary, settings))
        {
            using var client = new NodeClient(node.Grpc);
            await CheckReadsAsync(client, writer, "after another kill and restart", report);
        }
    }

    private static async Task CheckFullAsync(NodeProcess node, NodeClient client, OneWriter writer, Report report)
    {
        // What fits the segments that exist already may still be acknowledged; the refusal must come, and be typed.
        OperationAnswer? answer = null;
        await Eventually.HoldsAsync(async () => (answer = await writer.WriteAsync(client)) is not null, RefusedWithin, TimeSpan.FromMilliseconds(1));
        report.Check(answer is OperationAnswer.Refused("DISK_LOW"), "a write on the full disk is refused with DISK_LOW", $"{answer}{node.Tail()}");
        using var http = new HttpClient();
        using HttpResponseMessage reply = await http.PostAsJsonAsync(new Uri(node.Http, "/v1/mark"), new { user = 1, channel = 2, upTo = 9 });
        report.Check((int)reply.StatusCode == 507, "the same over HTTP is 507", $"{(int)reply.StatusCode} {await reply.Content.ReadAsStringAsync()}");
        await CheckReadsAsync(client, writer, "while the disk is full", report);
        report.Check(!node.HasExited, "the node lives on the full disk", node.Tail());
    }

    private static async Task CheckReadsAsync(NodeClient client, OneWriter writer, string when, Report report)
    {
        List<Finding> findings = await writer.CompareAsync(client);
        report.Check(findings.Count == 0, $"every read set reads as acknowledged {when}", Evidence.Say(findings));
    }
}

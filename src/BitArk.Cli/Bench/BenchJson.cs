using System.Text.Json;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.Bench;

/// <summary>A report for programs: one JSON object, times in nanoseconds.</summary>
internal static class BenchJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The object as text.</summary>
    public static string Format(BenchReport report) => JsonSerializer.Serialize(
        new
        {
            Target = report.Target.Name,
            report.Target.Partitions,
            Durability = report.Options.Writes ? report.Target.Durability : null,
            Data = report.Target.Data.Length > 0 ? report.Target.Data : null,
            Workload = report.Options.Workload.ToString(),
            report.Options.Callers,
            report.Options.Rate,
            report.Timing,
            ElapsedSeconds = report.Elapsed.TotalSeconds,
            WarmupSeconds = report.Options.Warmup.TotalSeconds,
            report.Preloaded,
            report.NotStarted,
            OwnCpuSeconds = report.OwnCpu.TotalSeconds,
            NodeCpuSeconds = report.NodeCpu?.TotalSeconds,
            report.AllocatedBytes,
            Sound = report.IsSound,
            Calls = report.Calls.Select(call => new
            {
                Call = BenchReport.Name(call.Kind),
                call.Succeeded,
                call.Failed,
                CallsPerSecond = call.Succeeded / report.Elapsed.TotalSeconds,
                IdsPerSecond = call.Succeeded * (double)report.IdsPerCall(call.Kind) / report.Elapsed.TotalSeconds,
                call.MeanNs,
                call.P50Ns,
                call.P90Ns,
                call.P99Ns,
                call.P999Ns,
                call.P9999Ns,
                call.MaxNs,
                call.Failures,
            }),
        },
        Indented);
}

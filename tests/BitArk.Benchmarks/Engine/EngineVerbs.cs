using System.Globalization;
using BenchmarkDotNet.Running;
using BitArk.Chaos.Reporting;

namespace BitArk.Benchmarks.Engine;

/// <summary>The engine's workloads: BitArk.Storage alone, one process per verb.</summary>
internal static class EngineVerbs
{
    public const string Usage = "contains|holes|mark|memory a|b|c|d|readers|snapshot|micro [sets] (default 20,000,000)|snapshot-disk [--sets N] [--pace BYTES] [--dir D] [--runs N]";

    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["contains", .. var rest]:
                ContainsWorkload.Run(Number(rest, 20_000_000));
                break;
            case ["holes", .. var rest]:
                HolesWorkload.Run(Number(rest, 20_000_000));
                break;
            case ["mark", .. var rest]:
                MarkWorkload.Run(Number(rest, 20_000_000));
                break;
            case ["memory", var shape, .. var rest]:
                MemoryWorkload.Run(shape, Number(rest, 0));
                break;
            case ["readers", .. var rest]:
                ReadersWorkload.Run(Number(rest, 20_000_000));
                break;
            case ["snapshot", .. var rest]:
                SnapshotWorkload.Run(Number(rest, 20_000_000));
                break;
            case ["snapshot-disk", .. var rest]:
                return SnapshotDiskWorkload.Run(new Options(rest));
            case ["micro", .. var rest]:
                _ = BenchmarkRunner.Run<TableMicroBenchmarks>(args: rest);
                break;
            default:
                Console.WriteLine($"usage: engine {Usage}");
                return 64;
        }

        return 0;
    }

    private static int Number(string[] rest, int otherwise) => rest.Length == 0 ? otherwise : int.Parse(rest[0], CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>
/// A run as a picture over time: the faults of each node, who led which partition in which epoch, what was acknowledged and what failed, and
/// how long the acknowledged took.
/// </summary>
internal sealed class TimelinePicture
{
    private const int Width = 1600;
    private const int Left = 120;
    private const int Right = 20;
    private const int Row = 22;
    private const int Graph = 170;
    private const int Gap = 46;
    private static readonly string[] NodeColors = ["#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#76b7b2"];

    private static readonly Dictionary<string, string> KindColors = new(StringComparer.Ordinal)
    {
        ["kill"] = "#d62728",
        ["stop"] = "#9467bd",
        ["restart"] = "#17becf",
        ["transfer"] = "#2ca02c",
        ["cut"] = "#ff7f0e",
        ["power"] = "#111111",
        ["blackout"] = "#555555",
        ["full-disk"] = "#8c564b",
        ["slow-disk"] = "#bcbd22",
        ["fail-disk"] = "#e377c2",
        ["pause"] = "#5e3c99",
        ["split"] = "#b35806",
    };

    private readonly RunRecord _run;
    private readonly double _seconds;

    private TimelinePicture(RunRecord run)
    {
        _run = run;
        _seconds = Math.Max(1, Seconds(run.Ended));
    }

    /// <summary>Draws it.</summary>
    public static string Draw(RunRecord run) => new TimelinePicture(run).Draw();

    private string Draw()
    {
        int faults = 76;
        int leaders = faults + (_run.Nodes.Count * Row) + Gap;
        int rates = leaders + (_run.Partitions * Row) + Gap;
        int latencies = rates + Graph + Gap;
        int height = latencies + Graph + 40;
        var svg = new Svg(Width, height);
        svg.Text(Left, 26, _run.Title, 16, "#111", isBold: true);
        DrawLegend(svg, 46);
        DrawGrid(svg, faults, height - 34);
        DrawFaults(svg, faults);
        DrawLeaders(svg, leaders);
        DrawRates(svg, rates);
        DrawLatencies(svg, latencies);
        return svg.ToString();
    }

    private void DrawLegend(Svg svg, int y)
    {
        double x = Left;
        foreach (IGrouping<string, FaultBand> kind in _run.Faults.GroupBy(fault => fault.Kind))
        {
            svg.Rectangle(x, y - 9, 11, 11, KindColors.GetValueOrDefault(kind.Key, "#999"));
            string text = $"{kind.Key} {kind.Count()}";
            svg.Text(x + 15, y, text);
            x += 32 + (text.Length * 6.6);
        }
    }

    private void DrawGrid(Svg svg, int top, int bottom)
    {
        double step = new[] { 1.0, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200 }.First(step => _seconds / step <= 16 || step >= 1_200);
        for (double second = 0; second <= _seconds; second += step)
        {
            svg.Line(X(second), top - 14, X(second), bottom, "#e4e4e4");
            svg.Text(X(second), bottom + 16, second >= 60 && step >= 60 ? $"{second / 60:0.#} min" : $"{second:0} s", anchor: "middle", fill: "#777");
        }
    }

    private void DrawFaults(Svg svg, int top)
    {
        svg.Text(8, top - 8, "faults", 12, isBold: true);
        for (int node = 0; node < _run.Nodes.Count; node++)
            svg.Text(Left - 8, top + (node * Row) + 15, _run.Nodes[node], anchor: "end", fill: NodeColors[node % NodeColors.Length], isBold: true);
        foreach ((FaultBand fault, int number) in _run.Faults.Select((fault, i) => (fault, i + 1)))
        {
            (double from, double lifted, double calm) = (X(Seconds(fault.From)), X(Seconds(fault.Lifted)), X(Seconds(fault.Calm)));
            string color = KindColors.GetValueOrDefault(fault.Kind, "#999");
            foreach (int node in fault.Nodes.Select(name => _run.Nodes.ToList().IndexOf(name)))
            {
                double y = top + (node * Row) + 2;
                svg.Rectangle(lifted, y + 5, calm - lifted, Row - 14, color, 0.3, $"{fault.What}: until all were well again");
                svg.Rectangle(from, y, Math.Max(2, lifted - from), Row - 4, color, 1, fault.What);
            }

            svg.Text(from, top - 3, $"{number}", 9, color);
        }
    }

    private void DrawLeaders(Svg svg, int top)
    {
        svg.Text(8, top - 8, "leaders and epochs", 12, isBold: true);
        for (int partition = 0; partition < _run.Partitions; partition++)
        {
            double y = top + (partition * Row);
            svg.Text(Left - 8, y + 15, $"partition {partition}", anchor: "end");
            (int Partition, Epoch Epoch, string Node, long Since)[] claims = [.. Risen(_run.Claims.Where(claim => claim.Partition == partition))];
            for (int i = 0; i < claims.Length; i++)
            {
                double from = X(Math.Max(0, Seconds(claims[i].Since)));
                double to = i + 1 < claims.Length ? X(Math.Max(0, Seconds(claims[i + 1].Since))) : X(_seconds);
                int node = _run.Nodes.ToList().IndexOf(claims[i].Node);
                svg.Rectangle(from, y + 2, to - from, Row - 4, NodeColors[node % NodeColors.Length], 0.85, $"{claims[i].Node} leads {claims[i].Epoch}");
                svg.Line(from, y + 1, from, y + Row - 1, "#fff", 1.5);
                string name = $"{claims[i].Epoch}";
                if (to - from > 8 + (name.Length * 6.5))
                    svg.Text(from + 4, y + 15, name, 10, "#fff");
            }
        }
    }

    // Only what raised the epoch: an old leader that still believed in itself is no change.
    private static IEnumerable<(int Partition, Epoch Epoch, string Node, long Since)> Risen(IEnumerable<(int Partition, Epoch Epoch, string Node, long Since)> claims)
    {
        Epoch highest = Epoch.None;
        foreach ((int Partition, Epoch Epoch, string Node, long Since) claim in claims.OrderBy(claim => claim.Since))
        {
            if (claim.Epoch <= highest)
                continue;
            highest = claim.Epoch;
            yield return claim;
        }
    }

    private void DrawRates(Svg svg, int top)
    {
        double[] acknowledged = new double[Buckets], failed = new double[Buckets];
        foreach (ClusterOperation operation in _run.Operations)
            (operation.Outcome == Outcome.Ok ? acknowledged : failed)[Bucket(operation.Return)]++;
        for (int i = 0; i < Buckets; i++)
            (acknowledged[i], failed[i]) = (acknowledged[i] / BucketSeconds, failed[i] / BucketSeconds);
        double most = Nice(Math.Max(acknowledged.Max(), 1));
        svg.Text(8, top - 8, "answers per second", 12, isBold: true);
        svg.Text(Left + 150, top - 8, "acknowledged", 11, "#2f6db3");
        svg.Text(Left + 250, top - 8, "refused or without an answer", 11, "#d62728");
        foreach (double part in new[] { 0, 0.5, 1 })
            Rule(svg, top + Graph - (part * Graph), $"{most * part:0}");
        svg.Path(acknowledged.Select((value, i) => ((double X, double Y)?)(XOf(i), top + Graph - (value / most * Graph))), "#2f6db3", floor: top + Graph);
        for (int i = 0; i < Buckets; i++)
        {
            double high = Math.Min(1, failed[i] / most) * Graph;
            if (high > 0)
                svg.Rectangle(XOf(i) - 1, top + Graph - Math.Max(high, 2), 2, Math.Max(high, 2), "#d62728");
        }
    }

    private void DrawLatencies(Svg svg, int top)
    {
        List<double>[] taken = [.. Enumerable.Range(0, Buckets).Select(_ => new List<double>())];
        foreach (ClusterOperation operation in _run.Operations.Where(operation => operation is ClusterOperation.Write { Outcome: Outcome.Ok }))
            taken[Bucket(operation.Return)].Add(Stopwatch.GetElapsedTime(operation.Invoke, operation.Return).TotalMilliseconds);
        foreach (List<double> some in taken)
            some.Sort();
        const double lowest = 0.1, highest = 100_000;
        double Y(double milliseconds) => top + Graph - (Math.Log10(Math.Clamp(milliseconds, lowest, highest) / lowest) / Math.Log10(highest / lowest) * Graph);
        svg.Text(8, top - 8, "acknowledged writes take", 12, isBold: true);
        foreach ((double ms, string name) in new[] { (0.1, "0.1 ms"), (1.0, "1 ms"), (10.0, "10 ms"), (100.0, "100 ms"), (1_000.0, "1 s"), (10_000.0, "10 s"), (100_000.0, "100 s") })
            Rule(svg, Y(ms), name);
        foreach ((string name, string color, Func<List<double>, double> of, int x) in new (string, string, Func<List<double>, double>, int)[]
        {
            ("median", "#2f6db3", some => some[some.Count / 2], 150),
            ("p99", "#f28e2b", some => some[(int)(some.Count * 0.99)], 220),
        })
        {
            svg.Text(Left + x, top - 8, name, 11, color);
            svg.Path(taken.Select((some, i) => some.Count == 0 ? null : ((double X, double Y)?)(XOf(i), Y(of(some)))), color);
        }

        svg.Text(Left + 270, top - 8, "max", 11, "#d62728");
        for (int i = 0; i < Buckets; i++)
        {
            if (taken[i].Count > 0)
                svg.Dot(XOf(i), Y(taken[i][^1]), 1.6, "#d62728");
        }
    }

    private static void Rule(Svg svg, double y, string name)
    {
        svg.Line(Left, y, Width - Right, y, "#e4e4e4");
        svg.Text(Left - 8, y + 4, name, 10, "#777", "end");
    }

    // About one step for every three pixels, and never less than a quarter of a second.
    private double BucketSeconds => Math.Max(0.25, Math.Ceiling(_seconds / 480 * 4) / 4);

    private int Buckets => (int)Math.Ceiling(_seconds / BucketSeconds) + 1;

    private int Bucket(long at) => Math.Clamp((int)(Seconds(at) / BucketSeconds), 0, Buckets - 1);

    private double XOf(int bucket) => X(Math.Min(_seconds, (bucket + 0.5) * BucketSeconds));

    private double X(double seconds) => Left + (Math.Clamp(seconds / _seconds, 0, 1) * (Width - Left - Right));

    private double Seconds(long at) => (double)(at - _run.Began) / Stopwatch.Frequency;

    private static double Nice(double most)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return most <= power ? power : most <= 2 * power ? 2 * power : most <= 5 * power ? 5 * power : 10 * power;
    }
}

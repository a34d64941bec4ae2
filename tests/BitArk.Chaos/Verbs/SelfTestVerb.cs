using BitArk.Chaos.Histories;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary><c>selftest</c>: the checkers must find every planted anomaly and raise no false alarm, and their model must agree with a plain set of numbers.</summary>
internal static class SelfTestVerb
{
    private const int Histories = 200;
    private const int PlantedOfEachKind = 100;

    /// <summary>Runs the self tests.</summary>
    public static Task<int> RunAsync(Options options, Report report)
    {
        int seed = options.Number("--seed", otherwise: 1);
        options.RefuseUnknown();
        CheckModel(seed, report);
        CheckCleanHistories(seed, report);
        foreach (Anomaly anomaly in Enum.GetValues<Anomaly>().Where(anomaly => anomaly != Anomaly.None))
            CheckPlanted(seed, anomaly, report);
        ClusterSelfTest.Check(seed, report);
        return Task.FromResult(report.Finish($"selftest seed={seed}"));
    }

    private static void CheckModel(int seed, Report report)
    {
        var random = new Random(seed);
        var model = new RangeSet();
        var plain = new HashSet<long>();
        bool agreed = true;
        for (int i = 0; i < 5_000 && agreed; i++)
        {
            long from = random.NextInt64(0, 500);
            var range = new MessageRange(from, from + random.NextInt64(0, 40));
            bool adds = random.Next(2) == 0;
            long changed = adds ? model.Add(range) : model.Remove(range);
            long expected = 0;
            for (long id = range.From; id <= range.To; id++)
                expected += (adds ? plain.Add(id) : plain.Remove(id)) ? 1 : 0;
            agreed = changed == expected && model.Count == plain.Count && plain.All(id => Contains(model, id));
        }

        report.Check(agreed, "the range model agrees with a set of numbers over 5,000 operations");
    }

    private static void CheckCleanHistories(int seed, Report report)
    {
        int alarms = Enumerable.Range(0, Histories).Count(i => new PlantedHistory(seed + i, writes: 60, Anomaly.None).Check().Count > 0);
        report.Check(alarms == 0, $"{Histories} clean histories raise no alarm", $"{alarms} false alarms");
    }

    private static void CheckPlanted(int seed, Anomaly anomaly, Report report)
    {
        int planted = 0, found = 0;
        for (int i = 0; planted < PlantedOfEachKind && i < PlantedOfEachKind * 50; i++)
        {
            var history = new PlantedHistory(seed + i, writes: 60, anomaly);
            if (!history.IsVisible)
                continue;
            planted++;
            found += history.Check().Count > 0 ? 1 : 0;
        }

        report.Check(planted == PlantedOfEachKind && found == planted, $"{anomaly}: {found} of {planted} planted anomalies found");
    }

    private static bool Contains(RangeSet set, long id) => set.Ranges.Any(range => range.From <= id && id <= range.To);
}

using System.Globalization;
using System.Xml.Linq;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary><c>sum-trx</c>: adds up the counters of all TRX files below a directory, for the gate's last line.</summary>
internal static class SumTrxVerb
{
    /// <summary>Sums; a directory without a single result file is a failure, because then the runner died.</summary>
    public static Task<int> RunAsync(Options options, Report report)
    {
        string directory = options.Required("--dir");
        options.RefuseUnknown();
        int passed = 0, failed = 0, skipped = 0, files = 0;
        foreach (string path in Directory.EnumerateFiles(directory, "*.trx", SearchOption.AllDirectories))
        {
            files++;
            XElement root = XDocument.Load(path).Root!;
            XNamespace ns = root.Name.Namespace;
            XElement counters = root.Descendants(ns + "Counters").Single();
            int total = Count(counters, "total");
            int ok = Count(counters, "passed");
            int notRun = total - Count(counters, "executed");
            passed += ok;
            skipped += notRun;
            // Whatever ran and did not pass (failed, error, timeout, aborted) is a failure; so is a run that was cut short.
            failed += total - ok - notRun;
            if (root.Element(ns + "ResultSummary")?.Attribute("outcome")?.Value is "Aborted" or "Error")
            {
                report.Say($"{path}: the run was aborted");
                failed += 1;
            }
        }

        if (files == 0)
        {
            report.Say($"no TRX file below {directory}: the test runner produced no result");
            failed = 1;
        }

        Console.WriteLine($"RESULT passed={passed} failed={failed} skipped={skipped}");
        return Task.FromResult(failed == 0 ? 0 : 1);
    }

    private static int Count(XElement counters, string name) =>
        int.Parse(counters.Attribute(name)?.Value ?? "0", CultureInfo.InvariantCulture);
}

namespace BitArk.Benchmarks.Engine;

/// <summary>What a table's writer waited for, in one line.</summary>
internal static class SnapshotPauses
{
    public static void Print(string what, PacedWriter writer) =>
        Measure.Line(what, $"longest batch {writer.LongestBatchMilliseconds:F2} ms ({writer.LongestBatchCpuMilliseconds:F2} of CPU), longest delay {writer.LongestDelayMilliseconds:F2} ms, {writer.Marks} marks");
}

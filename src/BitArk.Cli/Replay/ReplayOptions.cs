using BitArk.Cli.Nodes;

namespace BitArk.Cli.Replay;

/// <summary>What <c>bitark replay</c> was asked to do.</summary>
/// <param name="Trace">The trace file.</param>
/// <param name="Node">Where to.</param>
/// <param name="Namespace">Empty: "default".</param>
/// <param name="Batch">Reads per write, 1 … 10,000.</param>
/// <param name="InFlight">Writes under way at once, 1 … 64.</param>
/// <param name="Resume">Go on where the resume file says.</param>
/// <param name="ResumeFile">Where that lies.</param>
/// <param name="Session">Make every write count exactly once, and check the sum of what changed.</param>
/// <param name="Verify">Compare every read set afterwards.</param>
/// <param name="GiveUpAfter">How long nothing at all may succeed.</param>
internal sealed record ReplayOptions(
    string Trace,
    NodeAddress Node,
    string Namespace,
    int Batch,
    int InFlight,
    bool Resume,
    string ResumeFile,
    bool Session,
    bool Verify,
    TimeSpan GiveUpAfter)
{
    /// <summary>What does not fit together; null when all does.</summary>
    public string? Problem() => Session && InFlight > ReplayFeeder.MaxInFlightInSession
        ? $"--in-flight {InFlight}: with --session at most {ReplayFeeder.MaxInFlightInSession}, or a resumed replay would meet sequences that the session has forgotten"
        : null;
}

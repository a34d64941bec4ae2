using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;
using Grpc.Core;

namespace BitArk.Chaos.Verbs;

/// <summary>What several verbs check at their end.</summary>
internal static class Verdict
{
    /// <summary>Whether an exception says that the node, or the machine under it, did not do what it must: a finding, not a bug of the harness.</summary>
    public static bool IsFinding(Exception failure) => failure is NodeException or ToolException or RpcException or IOException or HttpRequestException;

    /// <summary>A run whose own writes were refused would prove nothing; says which refusals it met.</summary>
    public static void CheckRefusals(KillRounds kills, Report report)
    {
        string refusals = string.Join(", ", kills.Clients.Refusals.Select(refusal => $"{refusal.Key} {refusal.Value}"));
        if (refusals.Length > 0)
            report.Say($"typed refusals met: {refusals}");
        if (kills.Clients.Refusals.Any(refusal => refusal.Key == "INVALID_ARGUMENT"))
            report.Fail("the node refused valid writes as invalid");
    }
}

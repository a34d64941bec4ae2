namespace BitArk.Chaos.Faults;

/// <summary>Reads strace's log.</summary>
internal static class StraceLog
{
    /// <summary>The marker behind a call whose result strace made.</summary>
    public const string Injected = "(INJECTED)";

    /// <summary>The call that the fault met, with its arguments and result; null when the fault did not happen.</summary>
    public static string? Fault(IReadOnlyList<string> log)
    {
        int at = log.ToList().FindIndex(line => line.Contains(Injected, StringComparison.Ordinal));
        if (at < 0)
            return null;
        string line = log[at];
        if (!line.Contains(" resumed>", StringComparison.Ordinal))
            return Call(line);
        // Other threads came between the call and its result: the arguments stand in the thread's line before.
        string thread = line[..line.IndexOf(' ', StringComparison.Ordinal)];
        string? begun = log.Take(at).LastOrDefault(before => before.StartsWith($"{thread} ", StringComparison.Ordinal) && before.EndsWith("<unfinished ...>", StringComparison.Ordinal));
        return $"{Call(begun ?? "")} {Call(line)}";
    }

    /// <summary>The path of the file that a call with a descriptor was made on; empty when there is none.</summary>
    public static string Path(string call)
    {
        int from = call.IndexOf("</", StringComparison.Ordinal);
        int to = from < 0 ? -1 : call.IndexOf('>', from);
        return to < 0 ? "" : call[(from + 1)..to];
    }

    private static string Call(string line) => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim();
}

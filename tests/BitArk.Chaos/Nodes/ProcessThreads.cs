namespace BitArk.Chaos.Nodes;

/// <summary>Looks at the threads of another process.</summary>
internal static class ProcessThreads
{
    /// <summary>Whether every thread is stopped by a signal, or gone.</summary>
    public static bool AllStopped(int processId)
    {
        string tasks = $"/proc/{processId}/task";
        return !Directory.Exists(tasks) || Directory.GetDirectories(tasks).All(IsStopped);
    }

    private static bool IsStopped(string task)
    {
        try
        {
            // The state letter follows the name, which is in parentheses and may hold anything.
            string stat = File.ReadAllText(Path.Combine(task, "stat"));
            return stat[stat.LastIndexOf(')') + 2] is 'T' or 't' or 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }
}

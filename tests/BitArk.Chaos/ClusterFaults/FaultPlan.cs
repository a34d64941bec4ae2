namespace BitArk.Chaos.ClusterFaults;

/// <summary>Which fault comes when: every kind once, in an order of chance, before any comes again.</summary>
internal sealed class FaultPlan(IReadOnlyList<FaultKind> kinds, Random random)
{
    private readonly Queue<FaultKind> _next = new();

    /// <summary>The next one.</summary>
    public FaultKind Next()
    {
        if (_next.Count == 0)
        {
            FaultKind[] all = [.. kinds];
            random.Shuffle(all);
            foreach (FaultKind kind in all)
                _next.Enqueue(kind);
        }

        return _next.Dequeue();
    }
}

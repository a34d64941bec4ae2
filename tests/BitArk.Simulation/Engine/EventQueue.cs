namespace BitArk.Simulation.Engine;

/// <summary>Virtual time and what happens in it. Events of the same moment happen in the order they were scheduled.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (long Ticks, long Order)> _events = new();
    private long _order;

    /// <summary>Since the run began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Events that have happened.</summary>
    public long Steps { get; private set; }

    /// <summary>Lets something happen later.</summary>
    public void After(TimeSpan delay, Action happens) => _events.Enqueue(happens, ((Now + delay).Ticks, _order++));

    /// <summary>Lets the next event happen, unless none does until then.</summary>
    public bool Step(TimeSpan until)
    {
        if (!_events.TryPeek(out _, out var due) || due.Ticks > until.Ticks)
        {
            Now = until;
            return false;
        }

        Now = TimeSpan.FromTicks(due.Ticks);
        Steps++;
        _events.Dequeue()();
        return true;
    }
}

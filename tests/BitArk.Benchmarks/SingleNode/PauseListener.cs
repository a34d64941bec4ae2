using System.Diagnostics.Tracing;

namespace BitArk.Benchmarks.SingleNode;

/// <summary>The garbage collector's pauses of this process, from the runtime's own events: from the request to suspend all threads to their restart.</summary>
internal sealed class PauseListener : EventListener
{
    private const EventKeywords GarbageCollection = (EventKeywords)1;
    private const int RestartEnd = 3;
    private const int SuspendBegin = 9;

    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _pauses = [];
    private DateTime _suspendedAt;

    public IReadOnlyList<TimeSpan> Pauses
    {
        get
        {
            lock (_gate)
                return [.. _pauses];
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            EnableEvents(eventSource, EventLevel.Informational, GarbageCollection);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        lock (_gate)
        {
            if (eventData.EventId == SuspendBegin)
                _suspendedAt = eventData.TimeStamp;
            else if (eventData.EventId == RestartEnd && _suspendedAt != default)
                _pauses.Add(eventData.TimeStamp - _suspendedAt);
        }
    }
}

using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;

namespace BitArk.Chaos.Clusters;

/// <summary>
/// One sequential client of a cluster: each write goes through whatever node chance picks. Every second lane has a session and
/// repeats a write with an open outcome, elsewhere, until it knows; the others stop at the first answer they cannot know.
/// </summary>
internal sealed class ClusterLane(int number, int seed, int partitionCount, int operationsPerWrite)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AskingBound = TimeSpan.FromSeconds(30);
    private readonly Workload _workload = new(number, seed);
    private readonly Random _random = new(unchecked((seed * 31) + number));
    private long _sequence;

    /// <summary>What it was told so far.</summary>
    public LaneHistory History { get; } = new(partitionCount);

    /// <summary>Typed refusals met, by reason.</summary>
    public Dictionary<string, int> Refusals { get; } = [];

    /// <summary>Writes that were sent again under their session.</summary>
    public long Repeated { get; private set; }

    /// <summary>Writes until an outcome stays open or it is told to stop; <paramref name="acknowledged"/> hears of every acknowledged write: operations and milliseconds.</summary>
    public async Task RunAsync(IReadOnlyList<NodeClient> nodes, Action<int, double> acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            IReadOnlyList<MarkOperation> write = Next();
            long began = TimeProvider.System.GetTimestamp();
            OperationAnswer[] answers = await SettleAsync(write, nodes);
            History.Record(write, answers);
            if (answers.Count(answer => answer is OperationAnswer.Acknowledged) is > 0 and var count)
                acknowledged(count, TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            foreach (OperationAnswer.Refused refused in answers.OfType<OperationAnswer.Refused>())
                Refusals[refused.Reason] = Refusals.GetValueOrDefault(refused.Reason) + 1;
            if (answers.Any(answer => answer is OperationAnswer.Unknown))
                return;
            // A refusal is an answer at once; without a pause it would be asked for again in a busy loop.
            if (answers.Any(answer => answer is OperationAnswer.Refused))
                await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private List<MarkOperation> Next()
    {
        var write = new List<MarkOperation>(_workload.Next());
        while (write.Count < operationsPerWrite)
            write.AddRange(_workload.Next());
        return write;
    }

    private async Task<OperationAnswer[]> SettleAsync(IReadOnlyList<MarkOperation> write, IReadOnlyList<NodeClient> nodes)
    {
        (long, long)? once = number % 2 == 0 ? (1 + number, ++_sequence) : null;
        OperationAnswer[] known = [.. await nodes[_random.Next(nodes.Count)].WriteAsync(write, once)];
        long began = TimeProvider.System.GetTimestamp();
        while (once is not null && known.Any(answer => answer is OperationAnswer.Unknown) && TimeProvider.System.GetElapsedTime(began) < AskingBound)
        {
            await Task.Delay(Pause, CancellationToken.None);
            Repeated++;
            IReadOnlyList<OperationAnswer> again = await nodes[_random.Next(nodes.Count)].WriteAsync(write, once);
            known = [.. known.Zip(again, Merge)];
        }

        return known;
    }

    // What was acknowledged once stands: a repeat may no longer know how much it changed. A refusal speaks of the last try alone: it says nothing about one
    // before it that nobody knows of.
    private static OperationAnswer Merge(OperationAnswer before, OperationAnswer again) => (before, again) switch
    {
        (OperationAnswer.Acknowledged, _) => before,
        (_, OperationAnswer.Acknowledged acknowledged) => acknowledged with { IsRepeat = true },
        (OperationAnswer.Refused, _) => again,
        _ => before,
    };
}

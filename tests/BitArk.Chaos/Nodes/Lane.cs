using BitArk.Chaos.Histories;

namespace BitArk.Chaos.Nodes;

/// <summary>One sequential client: sends the next write when the one before was answered, and stops for good at the first answer it cannot know.</summary>
internal sealed class Lane(int number, int seed, int partitionCount)
{
    private readonly Workload _workload = new(number, seed);

    /// <summary>What it was told so far.</summary>
    public LaneHistory History { get; } = new(partitionCount);

    /// <summary>Typed refusals met, by reason.</summary>
    public Dictionary<string, int> Refusals { get; } = [];

    /// <summary>Writes until an outcome is unknown or it is told to stop; <paramref name="acknowledged"/> hears of every acknowledgement.</summary>
    public async Task RunAsync(NodeClient client, Action<int> acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            IReadOnlyList<MarkOperation> write = _workload.Next();
            IReadOnlyList<OperationAnswer> answers = await client.WriteAsync(write);
            History.Record(write, answers);
            acknowledged(answers.Count(answer => answer is OperationAnswer.Acknowledged));
            foreach (OperationAnswer.Refused refused in answers.OfType<OperationAnswer.Refused>())
                Refusals[refused.Reason] = Refusals.GetValueOrDefault(refused.Reason) + 1;
            if (answers.Any(answer => answer is OperationAnswer.Unknown))
                return;
            // A refusal is an answer at once; without a pause it would be asked for again in a busy loop.
            if (answers.Any(answer => answer is OperationAnswer.Refused))
                await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }
    }
}

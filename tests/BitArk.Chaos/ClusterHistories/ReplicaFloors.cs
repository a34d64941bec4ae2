using BitArk.Protocol.V1;

namespace BitArk.Chaos.ClusterHistories;

/// <summary>
/// What a replica must have applied before a read of its own memory. A token names the batch that is being applied; once a later one was
/// seen at the same process, the one before is applied in full.
/// </summary>
internal sealed class ReplicaFloors
{
    private readonly Dictionary<(string Node, int Process), Completions> _floors = [];

    /// <summary>Those that the answers of a history give.</summary>
    public ReplicaFloors(IEnumerable<ClusterOperation> operations)
    {
        foreach (IGrouping<(string, int), ClusterOperation.Read> process in operations.OfType<ClusterOperation.Read>().Where(IsOwn).GroupBy(read => (read.Node, read.Process)))
        {
            var floor = new Completions();
            (Lsn before, Lsn highest) = (Lsn.Zero, Lsn.Zero);
            foreach (ClusterOperation.Read read in process.OrderBy(read => read.Return))
            {
                Lsn token = read.Token!.Value.Lsn;
                if (token > highest)
                    (before, highest) = (highest, token);
                else if (token < highest && token > before)
                    before = token;
                floor.Add(read.Return, before);
            }

            _floors.Add(process.Key, floor);
        }
    }

    /// <summary>The least that the replica had applied when a read began.</summary>
    public Lsn Of(ClusterOperation.Read read) => _floors.TryGetValue((read.Node, read.Process), out Completions? floor) ? floor.Before(read.Invoke) : Lsn.Zero;

    private static bool IsOwn(ClusterOperation.Read read) =>
        read is { Outcome: Outcome.Ok, Process: >= 0, Token: not null, Consistency: Consistency.Token or Consistency.Any };
}

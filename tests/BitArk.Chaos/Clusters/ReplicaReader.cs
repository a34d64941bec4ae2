using System.Diagnostics;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Chaos.Clusters;

/// <summary>Reads through one node, with patience for a replica that is not there yet.</summary>
internal sealed class ReplicaReader(Member member) : IDisposable
{
    private const int AtOnce = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly HashSet<string> ComesLater = new(StringComparer.Ordinal) { "REPLICA_BEHIND", "RECOVERING", "NO_LEADER" };

    private readonly NodeClient _client = new(member.Grpc);

    /// <summary>Read sets as their leader holds them, with the tokens of its answers.</summary>
    public Task<Dictionary<ReadSetKey, (RangeSet Content, string Token)>> FromLeaderAsync(IReadOnlyList<ReadSetKey> keys) =>
        ManyAsync(keys, key => _client.ReadAsync(key, Consistency.Leader));

    /// <summary>How this node's own replica, once it has reached the tokens, differs from what the leader said.</summary>
    public async Task<IEnumerable<string>> DifferencesAsync(IReadOnlyDictionary<ReadSetKey, (RangeSet Content, string Token)> led)
    {
        Dictionary<ReadSetKey, (RangeSet Content, string Token)> own = await ManyAsync([.. led.Keys], key => _client.ReadAsync(key, Consistency.Token, led[key].Token));
        return own.Where(one => !one.Value.Content.Equals(led[one.Key].Content))
            .Select(one => $"{member.Name} DIFFERS at {one.Key}: {one.Value.Content} instead of {led[one.Key].Content}");
    }

    /// <summary>Read sets of this node's own replica, once it has reached the tokens of the leader's.</summary>
    public async Task<Dictionary<ReadSetKey, RangeSet>> OwnAsync(IReadOnlyDictionary<ReadSetKey, (RangeSet Content, string Token)> led) =>
        (await ManyAsync([.. led.Keys], key => _client.ReadAsync(key, Consistency.Token, led[key].Token))).ToDictionary(one => one.Key, one => one.Value.Content);

    /// <summary>What an <c>ANY</c> read of one read set is refused with here; null when it is served.</summary>
    public async Task<string?> RefusalAsync(ReadSetKey key)
    {
        try
        {
            await _client.ReadAsync(key, Consistency.Any);
            return null;
        }
        catch (RpcException failure)
        {
            return RefusalReason.Of(failure) ?? failure.Status.ToString();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async Task<Dictionary<ReadSetKey, (RangeSet Content, string Token)>> ManyAsync(
        IReadOnlyList<ReadSetKey> keys, Func<ReadSetKey, Task<(RangeSet Content, string Token)>> read)
    {
        Dictionary<ReadSetKey, (RangeSet Content, string Token)> found = [];
        foreach (ReadSetKey[] some in keys.Chunk(AtOnce))
        {
            (RangeSet Content, string Token)[] sets = await Task.WhenAll(some.Select(key => PatientlyAsync(() => read(key))));
            for (int i = 0; i < some.Length; i++)
                found.Add(some[i], sets[i]);
        }

        return found;
    }

    private static async Task<T> PatientlyAsync<T>(Func<Task<T>> read)
    {
        var elapsed = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await read();
            }
            catch (RpcException failure) when (elapsed.Elapsed < Patience && (RefusalReason.Of(failure) is not { } reason || ComesLater.Contains(reason)))
            {
                await Task.Delay(Pause);
            }
        }
    }
}

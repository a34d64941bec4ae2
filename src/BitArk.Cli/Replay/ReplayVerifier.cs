using System.Collections.Concurrent;
using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;
using BitArk.Protocol.V1;

namespace BitArk.Cli.Replay;

/// <summary>
/// Compares a node with the model: every user of the trace in every channel of the trace, so that a mark that landed where
/// none belongs shows too. ReadState gives ranges, cursor, unread and first unread; Unread gives the last two a second way.
/// </summary>
internal sealed class ReplayVerifier(ReadStatus.ReadStatusClient client, RepeatedCalls calls, string ns, int concurrency)
{
    private const int MaxRanges = 10_000;

    /// <summary>Compares everything; differences come in no particular order.</summary>
    public async Task<VerifyResult> RunAsync(TraceModel model, IWorkProgress progress, CancellationToken cancellation)
    {
        var mismatches = new ConcurrentQueue<Mismatch>();
        long users = 0, marked = 0, empty = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellation };
        await Parallel.ForEachAsync(model.Users, options, async (user, stop) =>
        {
            foreach (var (channel, head) in model.Heads)
            {
                var set = model.Set(user, channel);
                var reply = await calls.CallAsync(options => client.ReadStateAsync(Request(user, channel, head), options), stop).ConfigureAwait(false);
                Add(mismatches, Mismatch.Between(user, channel, set, head, ObservedState.Of(reply)));
                Interlocked.Increment(ref set.Count > 0 ? ref marked : ref empty);
            }

            await CompareUnreadAsync(model, user, mismatches, stop).ConfigureAwait(false);
            progress.Report(Interlocked.Increment(ref users), model.UserCount);
        }).ConfigureAwait(false);
        return new VerifyResult(marked, empty, [.. mismatches]);
    }

    private static void Add(ConcurrentQueue<Mismatch> into, IEnumerable<Mismatch> found)
    {
        foreach (var mismatch in found)
        {
            into.Enqueue(mismatch);
        }
    }

    private ReadStateRequest Request(long user, long channel, long head) =>
        new() { Namespace = ns, User = user, Channel = channel, Head = head, MaxRanges = MaxRanges };

    private async Task CompareUnreadAsync(TraceModel model, long user, ConcurrentQueue<Mismatch> mismatches, CancellationToken cancellation)
    {
        var request = new UnreadRequest { Namespace = ns, User = user };
        request.Channels.AddRange(model.Heads.Select(head => new ChannelHead { Channel = head.Key, Head = head.Value }));
        var reply = await calls.CallAsync(options => client.UnreadAsync(request, options), cancellation).ConfigureAwait(false);
        var expected = model.Heads.Select(head => (head.Key, model.Set(user, head.Key).Unread(head.Value))).ToArray();
        var actual = reply.Channels.Select(each => (each.Channel, (each.Unread, each.HasFirstUnread ? (long?)each.FirstUnread : null))).ToArray();
        if (!expected.SequenceEqual(actual))
        {
            mismatches.Enqueue(new Mismatch(user, -1, "unread by channel", string.Join(' ', expected), string.Join(' ', actual)));
        }

        var total = expected.Sum(each => each.Item2.Unread);
        if (reply.Total != total)
        {
            mismatches.Enqueue(new Mismatch(user, -1, "unread total", $"{total}", $"{reply.Total}"));
        }
    }
}

/// <summary>What a comparison found.</summary>
/// <param name="ReadSets">Read sets compared that hold something.</param>
/// <param name="EmptySets">Pairs of user and channel compared where nothing may be read.</param>
/// <param name="Mismatches">Every difference.</param>
internal sealed record VerifyResult(long ReadSets, long EmptySets, IReadOnlyList<Mismatch> Mismatches);

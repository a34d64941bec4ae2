using BitArk.Replication.Epochs;
using CsCheck;

namespace BitArk.Replication.Tests.Epochs;

/// <summary>Logs as lists of (epoch) per record of 8 bytes: two that share a beginning, put to the rules until they stream.</summary>
public sealed class SteppingDownSpecs
{
    private const long Origin = 64;
    private const long RecordBytes = 8;

    // Each leader wrote one sequence: so a world is a tree of logs. Every new epoch goes on from a prefix of an earlier log,
    // and takes the records that are shared with it. Two logs of the tree are then compared.
    private static readonly Gen<List<long[]>> Worlds = Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Int[1, 5]).Array[1, 10].Select(steps =>
    {
        List<long[]> logs = [[]];
        for (var i = 0; i < steps.Length; i++)
        {
            var (from, keep, grow) = steps[i];
            var parent = logs[from % logs.Count];
            logs.Add([.. parent.Take(keep % (parent.Length + 1)), .. Enumerable.Repeat((long)i + 1, grow)]);
        }

        return logs;
    });

    [Fact]
    public void Should_end_at_the_longest_common_prefix_and_cut_nothing_shared() =>
        Gen.Select(Worlds, Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Int[0, 1000]).Sample((logs, leaderIndex, followerIndex, seen) =>
        {
            var leader = logs[leaderIndex % logs.Count];
            var whole = logs[followerIndex % logs.Count];
            // A follower may have got only a part of what its leader wrote.
            var follower = whole[..(whole.Length - (seen % (whole.Length + 1)))];
            var shared = leader.Zip(follower).TakeWhile(pair => pair.First == pair.Second).Count();

            for (var rounds = 0; ; rounds++)
            {
                Assert.True(rounds <= 20, "It does not step down.");
                var view = new LeaderLogView(new Epoch(99), HistoryOf(leader), new Lsn(Origin), new Lsn(Origin), End(leader));
                var log = new LogEnd(new Epoch(follower.LastOrDefault()), End(follower));
                var answer = DivergenceRules.Answer(view, log);
                if (answer is PullAnswer.Stream stream)
                {
                    Assert.Equal(End(follower), stream.From);
                    break;
                }

                var order = Assert.IsType<PullAnswer.Truncate>(answer);
                var cut = DivergenceRules.Cut(HistoryOf(follower), log, new Lsn(Origin), Lsn.Zero, CommitRule.Quorum, order.To, order.KeepEpoch);
                follower = follower[..(int)((Assert.IsType<CutDecision.CutAt>(cut).Lsn.Value - Origin) / RecordBytes)];
            }

            Assert.Equal(shared, follower.Length);
        }, iter: 5000);

    private static Lsn End(long[] log) => new(Origin + (log.Length * RecordBytes));

    private static EpochHistory HistoryOf(long[] log) => new(log
        .Select((epoch, index) => new EpochBoundary(new Epoch(epoch), new Lsn(Origin + (index * RecordBytes))))
        .DistinctBy(entry => entry.Epoch));
}

using BitArk.Replication.Sync;
using CsCheck;

namespace BitArk.Replication.Tests.Sync;

public sealed class FullSyncPlanSpecs
{
    [Theory]
    [InlineData(0, 0, 1050)]
    [InlineData(99, 0, 1050)]
    [InlineData(100, 100, 950)]
    [InlineData(250, 200, 850)]
    [InlineData(1049, 1000, 50)]
    public void Should_resume_at_the_last_whole_chunk(long have, long offset, long length) =>
        Assert.Equal(new ChunkRange(offset, length), new FullSyncPlan(new Lsn(8), 1050, 100, have).NextRequest());

    [Fact]
    public void Should_ask_for_nothing_when_all_is_here()
    {
        var plan = new FullSyncPlan(new Lsn(8), 1050, 100, 1050);
        Assert.True(plan.IsComplete);
        Assert.Equal(1.0, plan.Progress);
        Assert.Equal(1050, plan.ContiguousBytes);
        Assert.Null(plan.NextRequest());
    }

    [Theory]
    [InlineData(0, 100, true, ChunkVerdict.Write)]
    [InlineData(0, 100, false, ChunkVerdict.AskAgain)]
    [InlineData(1000, 50, true, ChunkVerdict.Write)]
    [InlineData(1000, 100, true, ChunkVerdict.Misplaced)]
    [InlineData(0, 99, true, ChunkVerdict.Misplaced)]
    [InlineData(50, 100, true, ChunkVerdict.Misplaced)]
    [InlineData(-100, 100, true, ChunkVerdict.Misplaced)]
    [InlineData(1100, 100, true, ChunkVerdict.Misplaced)]
    [InlineData(200, 100, true, ChunkVerdict.Duplicate)]
    [InlineData(200, 100, false, ChunkVerdict.Duplicate)]
    public void Should_judge_a_chunk_by_place_and_checksum(long offset, int length, bool isRight, ChunkVerdict verdict)
    {
        var plan = new FullSyncPlan(new Lsn(8), 1050, 100, 0);
        plan.Written(200);
        Assert.Equal(verdict, plan.OnChunk(offset, length, isRight));
    }

    [Fact]
    public void Should_ask_for_the_bad_chunk_alone_when_the_others_came()
    {
        var plan = new FullSyncPlan(new Lsn(8), 1050, 100, 0);
        for (var offset = 0L; offset < 1050; offset += 100)
        {
            if (plan.OnChunk(offset, (int)Math.Min(100, 1050 - offset), offset != 300) == ChunkVerdict.Write)
                plan.Written(offset);
        }

        Assert.Equal(300, plan.ContiguousBytes);
        Assert.Equal(new ChunkRange(300, 100), plan.NextRequest());
        plan.Written(300);
        plan.Written(300);
        Assert.True(plan.IsComplete);
        Assert.Null(plan.NextRequest());
    }

    [Fact]
    public void Should_ask_for_everything_when_the_whole_file_was_wrong()
    {
        var plan = new FullSyncPlan(new Lsn(8), 1050, 100, 1050);
        plan.StartOver();
        Assert.Equal(new ChunkRange(0, 1050), plan.NextRequest());
        Assert.Equal(0.0, plan.Progress);
    }

    [Fact]
    public void Should_end_complete_whatever_breaks_and_is_damaged_on_the_way() =>
        Gen.Select(Gen.Long[1, 3000], Gen.Int[1, 200], Gen.Long[0, 3000], Gen.Int[0, 99].Array[1, 20]).Sample((total, chunk, have, luck) =>
        {
            var plan = new FullSyncPlan(new Lsn(8), total, chunk, Math.Min(have, total));
            var draws = 0;
            for (var requests = 0; plan.NextRequest() is { } range; requests++)
            {
                Assert.True(requests < 100_000, "It asks for ever.");
                Assert.True(range.Length > 0 && range.Offset + range.Length <= total);
                for (var offset = range.Offset; offset < range.Offset + range.Length; offset += chunk)
                {
                    var draw = (luck[draws % luck.Length] + draws++) % 100;
                    if (draw < 10)
                        break;
                    var verdict = plan.OnChunk(offset, (int)Math.Min(chunk, total - offset), draw > 20);
                    Assert.Equal(draw > 20 ? ChunkVerdict.Write : ChunkVerdict.AskAgain, verdict);
                    if (verdict == ChunkVerdict.Write)
                        plan.Written(offset);
                }
            }

            Assert.True(plan.IsComplete);
            Assert.Equal(total, plan.ContiguousBytes);
        });

    [Fact]
    public void Should_refuse_sizes_out_of_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FullSyncPlan(new Lsn(8), 0, 100, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FullSyncPlan(new Lsn(8), 10, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FullSyncPlan(new Lsn(8), 10, 5, 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FullSyncPlan(new Lsn(8), long.MaxValue, 1, 0));
    }
}

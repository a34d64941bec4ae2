using BitArk.Storage.Memory;
using BitArk.Storage.ReadSets;
using CsCheck;

namespace BitArk.Storage.Tests.ReadSets;

public sealed class ReadSetModelSpecs
{
    private static readonly Gen<long> DenseId = Gen.Long[0, 60];
    private static readonly Gen<long> ChunkEdge = Gen.Select(Gen.Long[0, 4], Gen.Long[-3, 3], (key, delta) => Math.Max(0, (key << 16) + delta));
    private static readonly Gen<long> Spread = Gen.Long[0, 400_000];
    private static readonly Gen<long> Snowflake = Gen.Select(Gen.Long[0, 200], Gen.Long[0, 2], (time, sequence) => (1_700_000_000_000L << 20) + (time << 22) + sequence);
    private static readonly Gen<long> Extreme = Gen.OneOf(Gen.Long[0, 3], Gen.Long[Ids.Max - 70_000, Ids.Max], Gen.Long[Ids.Max - 3, Ids.Max], Gen.Long[(1L << 32) - 2, (1L << 32) + 2], Gen.Long[0, Ids.Max]);

    public static TheoryData<string> Families => ["dense", "edges", "spread", "snowflakes", "extremes", "mixed"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Should_answer_as_the_model_when_ids_and_ranges_come_and_go(string family)
    {
        Gen<long> id = IdsOf(family);
        Gen<(bool Add, long From, long To)> step = Gen.Select(
            Gen.Frequency((3, Gen.Const(true)), (2, Gen.Const(false))),
            id,
            Gen.Frequency((3, Gen.Const(0L)), (2, Gen.Long[0, 40]), (1, Gen.Long[0, 200_000]), (1, Gen.Const(-1L))),
            id,
            (add, from, length, other) => length < 0
                ? (add, Math.Min(from, other), Math.Max(from, other))
                : (add, from, Math.Min(from, Ids.Max - length) + length));
        step.Array[1, 60].Sample(
            steps =>
            {
                using Slab slab = new();
                SetUnderTest set = new(slab);
                foreach ((bool add, long from, long to) in steps)
                {
                    set.Apply(add, from, to);
                    set.Check(from, to);
                }

                set.Free();
            },
            iter: 400);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Should_answer_as_the_model_when_a_set_grows_id_by_id_and_shrinks_again(string family)
    {
        Gen.Select(IdsOf(family).Array[100, 900], Gen.Bool, Gen.Int[0, int.MaxValue]).Sample(
            (ids, reversed, seed) =>
            {
                using Slab slab = new();
                SetUnderTest set = new(slab);
                Apply(set, ids, add: true);
                Random random = new(seed);
                random.Shuffle(ids);
                Apply(set, ids, add: false);
                Assert.Equal(SetWord.Empty, set.State);
                Assert.Equal(0, slab.CountLiveBytes());
            },
            iter: 6);
    }

    private static void Apply(SetUnderTest set, long[] ids, bool add)
    {
        for (int index = 0; index < ids.Length; index++)
        {
            set.Apply(add, ids[index], ids[index]);
            if (index % 16 == 0)
            {
                set.Check(ids[index]);
            }
        }
    }

    private static Gen<long> IdsOf(string family) => family switch
    {
        "dense" => DenseId,
        "edges" => ChunkEdge,
        "spread" => Spread,
        "snowflakes" => Snowflake,
        "extremes" => Extreme,
        _ => Gen.OneOf(DenseId, ChunkEdge, Spread, Snowflake, Extreme),
    };
}

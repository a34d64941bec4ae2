using CsCheck;

namespace BitArk.Protocol.Tests.Tokens;

public sealed class SessionTokenSpecs
{
    private static readonly ClusterId Cluster = new(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));

    internal static readonly Gen<TokenEntry> AnyEntry =
        Gen.Select(Gen.Int[0, 20], Gen.Long[0, 5], Gen.Long[0, 1000], (p, e, l) => Entry(p, e, l));

    internal static readonly Gen<SessionToken> AnyToken =
        AnyEntry.Array[0, 12].Select(entries => entries.Aggregate(SessionToken.Empty(Cluster), (token, entry) => token.With(entry)));

    [Fact]
    public void Should_cover_both_when_merged() =>
        Gen.Select(AnyToken, AnyToken).Sample((a, b) =>
        {
            var merged = a.Merge(b);
            return Covers(merged, a) && Covers(merged, b) && AddsNothing(merged, a, b);
        });

    [Fact]
    public void Should_not_depend_on_order_or_repetition_when_merged() =>
        Gen.Select(AnyToken, AnyToken, AnyToken).Sample((a, b, c) =>
            a.Merge(b).Equals(b.Merge(a))
            && a.Merge(b).Merge(c).Equals(a.Merge(b.Merge(c)))
            && a.Merge(a).Equals(a));

    [Fact]
    public void Should_stay_sorted_by_partition_when_entries_arrive_in_any_order() =>
        AnyToken.Sample(token =>
        {
            for (var i = 1; i < token.Entries.Length; i++)
                Assert.True(token.Entries[i - 1].Partition.Value < token.Entries[i].Partition.Value);
        });

    [Fact]
    public void Should_prefer_the_later_epoch_when_its_position_is_smaller()
    {
        var token = SessionToken.Empty(Cluster).With(Entry(0, 3, 900)).With(Entry(0, 4, 10)).With(Entry(0, 3, 999));

        Assert.True(token.TryFind(new PartitionId(0), out var entry));
        Assert.Equal(Entry(0, 4, 10), entry);
    }

    [Fact]
    public void Should_find_nothing_when_the_partition_was_never_seen() =>
        Assert.False(SessionToken.Empty(Cluster).With(Entry(1, 1, 1)).TryFind(new PartitionId(2), out _));

    [Fact]
    public void Should_refuse_to_merge_when_the_clusters_differ() =>
        Assert.Throws<ArgumentException>(() => SessionToken.Empty(Cluster).Merge(SessionToken.Empty(ClusterId.NewRandom())));

    private static TokenEntry Entry(int partition, long epoch, long lsn) => new(new PartitionId(partition), new Epoch(epoch), new Lsn(lsn));

    private static bool Covers(SessionToken merged, SessionToken part)
    {
        foreach (var entry in part.Entries)
        {
            if (!merged.TryFind(entry.Partition, out var found) || entry.IsBeyond(found))
                return false;
        }

        return true;
    }

    private static bool AddsNothing(SessionToken merged, SessionToken a, SessionToken b)
    {
        foreach (var entry in merged.Entries)
        {
            if (!a.Entries.Contains(entry) && !b.Entries.Contains(entry))
                return false;
        }

        return true;
    }
}

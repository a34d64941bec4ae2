namespace BitArk.Cli.IntegerSets;

/// <summary>One set of a collection, as sorted, merged ranges.</summary>
/// <param name="Name">The file it came from.</param>
/// <param name="Ranges">Ascending, disjoint, not adjacent; not empty.</param>
/// <param name="Count">Ids in it.</param>
internal sealed record IntegerSet(string Name, IReadOnlyList<MessageRange> Ranges, long Count)
{
    /// <summary>A set of ids in any order, repeated or not.</summary>
    public static IntegerSet Of(string name, List<long> ids)
    {
        ids.Sort();
        var ranges = new List<MessageRange>();
        foreach (var id in ids)
        {
            if (ranges.Count > 0 && id <= ranges[^1].To + 1)
            {
                ranges[^1] = ranges[^1] with { To = id };
            }
            else
            {
                ranges.Add(new MessageRange(id, id));
            }
        }

        return new IntegerSet(name, ranges, ranges.Sum(range => range.Count));
    }
}

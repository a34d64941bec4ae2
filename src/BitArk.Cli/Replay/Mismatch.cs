using System.Globalization;

namespace BitArk.Cli.Replay;

/// <summary>One thing that a node says otherwise than the model.</summary>
internal sealed record Mismatch(long User, long Channel, string What, string Expected, string Actual)
{
    private const int ShownRanges = 6;

    /// <inheritdoc/>
    public override string ToString() => $"MISMATCH user={User} channel={Channel} {What}: expected {Expected}, the node says {Actual}";

    /// <summary>All differences between a model's read set and an answer of ReadState with that head.</summary>
    public static IEnumerable<Mismatch> Between(long user, long channel, ModelReadSet model, long head, ObservedState observed)
    {
        var (unread, first) = model.Unread(head);
        if (observed.Cursor != model.Cursor)
        {
            yield return new(user, channel, "cursor", Show(model.Cursor), Show(observed.Cursor));
        }

        if (observed.Unread != unread)
        {
            yield return new(user, channel, "unread", Show(unread), Show(observed.Unread));
        }

        if (observed.FirstUnread != first)
        {
            yield return new(user, channel, "first unread", Show(first), Show(observed.FirstUnread));
        }

        if (observed.Truncated || !observed.Ranges.SequenceEqual(model.Ranges))
        {
            yield return new(user, channel, "ranges", Show(model.Ranges), Show(observed.Ranges) + (observed.Truncated ? " (truncated)" : ""));
        }
    }

    private static string Show(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "none";

    private static string Show(IReadOnlyList<MessageRange> ranges) =>
        $"{ranges.Count} ranges [{string.Join(' ', ranges.Take(ShownRanges).Select(range => $"{range.From}-{range.To}"))}{(ranges.Count > ShownRanges ? " …" : "")}]";
}

using BitArk.Storage.Memory;
using BitArk.Storage.ReadSets;

namespace BitArk.Storage.ReadTables;

/// <summary>
/// A question about one read set. It may be run again, and on blocks that change under it: it terminates and stays in
/// bounds whatever it reads, and only its last answer counts.
/// </summary>
internal interface IReadSetQuery
{
    void Run(Slab slab, ulong state);
}

internal readonly ref struct ContainsMany(ReadOnlySpan<long> messages, Span<bool> read) : IReadSetQuery
{
    private readonly ReadOnlySpan<long> _messages = messages;
    private readonly Span<bool> _read = read;

    public void Run(Slab slab, ulong state)
    {
        for (var i = 0; i < _messages.Length; i++)
        {
            _read[i] = state != 0 && ReadSet.Contains(slab, state, _messages[i]);
        }
    }
}

internal readonly ref struct Cardinality(long from, long to, ref long count) : IReadSetQuery
{
    private readonly ref long _count = ref count;

    public void Run(Slab slab, ulong state) => _count = state == 0 ? 0 : ReadSet.Cardinality(slab, state, from, to);
}

internal readonly ref struct FirstUnread(long from, ref long first) : IReadSetQuery
{
    private readonly ref long _first = ref first;

    public void Run(Slab slab, ulong state) => _first = state == 0 ? from : ReadSet.FirstUnread(slab, state, from);
}

internal readonly ref struct Ranges(long from, Span<MessageRange> into, ref int count) : IReadSetQuery
{
    private readonly Span<MessageRange> _into = into;
    private readonly ref int _count = ref count;

    public void Run(Slab slab, ulong state) => _count = state == 0 ? 0 : ReadSet.Ranges(slab, state, from, _into);
}

internal readonly ref struct Summary(long head, Span<MessageRange> into, ref RawReadState answer) : IReadSetQuery
{
    private readonly Span<MessageRange> _into = into;
    private readonly ref RawReadState _answer = ref answer;

    public void Run(Slab slab, ulong state)
    {
        var firstUnread = state == 0 ? 1 : ReadSet.FirstUnread(slab, state, 1);
        var count = state == 0 || _into.IsEmpty ? 0 : ReadSet.Ranges(slab, state, 0, _into);
        _answer = new RawReadState(
            firstUnread - 1,
            head < 0 ? -1 : head - (state == 0 || head == 0 ? 0 : ReadSet.Cardinality(slab, state, 1, head)),
            firstUnread <= head ? firstUnread : -1,
            count,
            state != 0 && HasMore(slab, state, count));
    }

    private bool HasMore(Slab slab, ulong state, int count)
    {
        if (count < _into.Length)
        {
            return false;
        }

        // The range after the last one can't begin right behind it: ranges are merged.
        Span<MessageRange> next = stackalloc MessageRange[1];
        var from = count == 0 ? 0 : _into[count - 1].To + 1;
        return Ids.IsValid(from) && ReadSet.Ranges(slab, state, from, next) > 0;
    }
}

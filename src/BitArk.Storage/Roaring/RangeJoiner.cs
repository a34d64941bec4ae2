namespace BitArk.Storage.Roaring;

/// <summary>Joins ascending ranges that touch, across containers and buckets, before they are handed on.</summary>
internal sealed class RangeJoiner(Action<MessageRange> take)
{
    private MessageRange? _last;

    public void Add(long from, long to)
    {
        if (_last is { } last && last.To == from - 1)
        {
            _last = last with { To = to };
            return;
        }

        Complete();
        _last = new MessageRange(from, to);
    }

    public void Complete()
    {
        if (_last is { } last)
        {
            take(last);
            _last = null;
        }
    }
}

using System.Numerics;

namespace BitArk.Storage.ReadSets;

/// <summary>
/// Walks the runs of an <see cref="OffsetList{T}"/> upwards. Every step passes at least one item or ends the walk, so it
/// ends whatever the items are.
/// </summary>
internal struct OffsetRuns<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly OffsetList<T> _list;
    private readonly ulong _from;
    private ulong _position;
    private int _index;
    private bool _ended;

    public OffsetRuns(OffsetList<T> list, ulong from)
    {
        _list = list;
        _from = from;
        _position = from;
        _index = list.CountBelow(from);
        if (list.Form == SetForm.Bounds)
        {
            // Inside a run: begin with the bound that opened it.
            _index += _index < list.Items && list[_index] == from ? 1 : 0;
            _index &= ~1;
        }
    }

    /// <summary>The next run, clipped to begin at <c>from</c>; <paramref name="end"/> is exclusive.</summary>
    public bool Next(out ulong start, out ulong end) => _list.Form switch
    {
        SetForm.Values => NextOfValues(out start, out end),
        SetForm.Holes => NextBetweenHoles(out start, out end),
        _ => NextOfBounds(out start, out end),
    };

    private bool NextOfValues(out ulong start, out ulong end)
    {
        start = end = 0;
        if (_index >= _list.Items)
        {
            return false;
        }

        start = _list[_index++];
        end = start + 1;
        for (; _index < _list.Items && _list[_index] == end; _index++)
        {
            end++;
        }

        return true;
    }

    private bool NextBetweenHoles(out ulong start, out ulong end)
    {
        start = end = 0;
        while (!_ended)
        {
            start = _position;
            if (_index < _list.Items)
            {
                end = _list[_index++];
                _position = end + 1;
            }
            else
            {
                end = _list.End;
                _ended = true;
            }

            if (end > start)
            {
                return true;
            }
        }

        return false;
    }

    private bool NextOfBounds(out ulong start, out ulong end)
    {
        start = end = 0;
        if (_index >= _list.Items)
        {
            return false;
        }

        start = Math.Max(_list[_index++], _from);
        end = _index < _list.Items ? _list[_index++] : _list.End;
        return true;
    }
}

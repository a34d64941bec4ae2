using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <summary>
/// Reads of the directory form, a block <c>count u32 | zero u32 | entries, 16 bytes each</c>: ascending by chunk, no
/// chunk twice, full chunks always in spans, spans that touch joined. Safe against content that is being rewritten: a walk
/// stops where keys do not ascend, or a count of garbage could keep it busy for long.
/// </summary>
internal readonly unsafe struct SetDirectory
{
    public const int HeaderBytes = sizeof(ulong);

    private readonly ChunkEntry* _entries;

    private SetDirectory(ChunkEntry* entries, int count)
    {
        _entries = entries;
        Count = count;
    }

    public int Count { get; }

    public ChunkEntry this[int index] => _entries[index];

    public static SetDirectory Open(Slab slab, ulong word)
    {
        byte* block = slab.Resolve(SetWord.Reference(word), out int available);
        uint count = Volatile.Read(ref *(uint*)block);
        uint room = (uint)(available - HeaderBytes) / (uint)sizeof(ChunkEntry);
        return new SetDirectory((ChunkEntry*)(block + HeaderBytes), (int)Math.Min(count, room));
    }

    /// <summary>The last entry whose chunk is at or before <paramref name="key"/>; -1 when there is none.</summary>
    public int Find(long key)
    {
        if (Count == 0)
        {
            return -1;
        }

        long ahead = key - _entries[0].Key;
        if (ahead < 0)
        {
            return -1;
        }

        // No chunk comes twice, so the n-th key after the first is at most n entries on: exactly there when chunks are dense.
        int guess = (int)Math.Min(ahead, Count - 1);
        if (_entries[guess].Key <= key)
        {
            return guess;
        }

        int low = 0;
        int high = guess;
        while (high - low > 1)
        {
            int middle = (low + high) >> 1;
            if (_entries[middle].Key <= key)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    public bool Contains(Slab slab, long id)
    {
        return TryCovering(id >> 16, out _, out ChunkEntry entry) && ChunkReader.Contains(slab, entry, (int)(id & 0xFFFF));
    }

    public long Cardinality(Slab slab, long from, long to)
    {
        long total = 0;
        long previous = -1;
        for (int index = Math.Max(0, Find(from >> 16)); index < Count; index++)
        {
            ChunkEntry entry = _entries[index];
            if (entry.Key <= previous)
            {
                break;
            }

            previous = entry.Key;
            long first = entry.Key << 16;
            long last = first + (entry.Kind == ChunkKind.Span ? (entry.SpanChunks << 16) - 1 : ChunkEntry.Ids - 1);
            if (first > to)
            {
                break;
            }

            if (first >= from && last <= to)
            {
                total += ChunkReader.Cardinality(slab, entry);
                continue;
            }

            long begin = Math.Max(first, from);
            long end = Math.Min(last, to);
            if (begin <= end)
            {
                total += entry.Kind == ChunkKind.Span ? end - begin + 1 : ChunkReader.Count(slab, entry, (int)(begin - first), (int)(end - first) + 1);
            }
        }

        return total;
    }

    public long FirstUnread(Slab slab, long from)
    {
        long id = from;
        if (!TryCovering(from >> 16, out int index, out ChunkEntry entry))
        {
            return from;
        }

        while (true)
        {
            if (entry.Kind == ChunkKind.Span)
            {
                id = (entry.Key + entry.SpanChunks) << 16;
            }
            else
            {
                long first = entry.Key << 16;
                int unset = ChunkReader.NextUnset(slab, entry, (int)(id & 0xFFFF));
                id = first + unset;
                if (unset < ChunkEntry.Ids)
                {
                    return id;
                }
            }

            if (++index >= Count || _entries[index].Key << 16 != id)
            {
                return id;
            }

            entry = _entries[index];
        }
    }

    public void Ranges(Slab slab, long from, ref RangeSink sink)
    {
        int index = TryCovering(from >> 16, out int covering, out ChunkEntry entry) ? covering : covering + 1;
        long previous = -1;
        for (; index < Count; index++)
        {
            entry = _entries[index];
            if (entry.Key <= previous)
            {
                return;
            }

            previous = entry.Key;
            long skipped = from - (entry.Key << 16);
            if (skipped > 0 && entry.Kind == ChunkKind.Span)
            {
                long last = ((entry.Key + entry.SpanChunks) << 16) - 1;
                if (!sink.Add(from, last))
                {
                    return;
                }
            }
            else if (!ChunkReader.Ranges(slab, entry, (int)Math.Clamp(skipped, 0, ChunkEntry.Ids - 1), ref sink))
            {
                return;
            }
        }
    }

    /// <summary>The entry that says which ids of a chunk are members; without one, <paramref name="index"/> is that of the last entry before the chunk (or -1).</summary>
    public bool TryCovering(long key, out int index, out ChunkEntry entry)
    {
        index = Find(key);
        entry = index < 0 ? default : _entries[index];
        return index >= 0 && (entry.Key == key || (entry.Kind == ChunkKind.Span && key - entry.Key < entry.SpanChunks));
    }
}

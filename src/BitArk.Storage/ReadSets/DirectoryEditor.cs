using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <summary>
/// Changes a set in directory form: the chunks at both ends of a range are edited one by one, all chunks between become,
/// or leave, a span. A set that has come down to a few runs or ids goes back to a list form, and from there to a cursor.
/// </summary>
internal static unsafe partial class DirectoryEditor
{
    /// <summary>At most this many items make a directory a list again; far below what makes a list a directory.</summary>
    private const int ListItems = 64;

    public static ulong Edit(Slab slab, ulong word, long from, long to, bool add, out long changed)
    {
        long firstKey = from >> 16;
        long lastKey = to >> 16;
        if (IsTooScattered(SetDirectory.Open(slab, word), firstKey, lastKey, add))
        {
            changed = ReadSet.TooScattered;
            return word;
        }

        int low = (int)(from & 0xFFFF);
        int high = (int)(to & 0xFFFF);
        if (firstKey == lastKey)
        {
            changed = EditChunk(slab, ref word, firstKey, low, high, add);
        }
        else
        {
            changed = 0;
            if (low > 0)
            {
                changed += EditChunk(slab, ref word, firstKey++, low, ChunkEntry.Ids - 1, add);
            }

            if (high < ChunkEntry.Ids - 1)
            {
                changed += EditChunk(slab, ref word, lastKey--, 0, high, add);
            }

            if (firstKey <= lastKey)
            {
                changed += EditSpan(slab, ref word, firstKey, lastKey, add);
            }
        }

        return changed == 0 ? word : Normalise(slab, word);
    }

    /// <summary>Gives back the directory's block and those of its chunks.</summary>
    public static void Free(Slab slab, ulong word)
    {
        SetDirectory directory = SetDirectory.Open(slab, word);
        for (int index = 0; index < directory.Count; index++)
        {
            ChunkEditor.Free(slab, directory[index]);
        }

        FreeBlock(slab, word, directory.Count);
    }

    private static long EditChunk(Slab slab, ref ulong word, long key, int low, int high, bool add)
    {
        if (low == 0 && high == ChunkEntry.Ids - 1)
        {
            return EditSpan(slab, ref word, key, key, add);
        }

        SetDirectory directory = SetDirectory.Open(slab, word);
        if (!directory.TryCovering(key, out int index, out ChunkEntry entry))
        {
            if (!add)
            {
                return 0;
            }

            word = Replace(slab, word, index + 1, 0, [ChunkEditor.OneRun(key, low, high)]);
            return high - low + 1;
        }

        if (entry.Kind == ChunkKind.Span)
        {
            if (add)
            {
                return 0;
            }

            SplitSpan(slab, ref word, index, entry, ChunkEditor.FullBut(slab, key, low, high));
            return high - low + 1;
        }

        switch (ChunkEditor.Edit(slab, ref entry, low, high, add, out int changed))
        {
            case ChunkEditor.Outcome.Changed:
                Set(slab, word, index, entry);
                break;
            case ChunkEditor.Outcome.Empty:
                word = Replace(slab, word, index, 1, []);
                break;
            case ChunkEditor.Outcome.Full:
                word = Replace(slab, word, index, 1, []);
                EditSpan(slab, ref word, key, key, add: true);
                break;
            default:
                break;
        }

        return changed;
    }

    private static void SplitSpan(Slab slab, ref ulong word, int index, ChunkEntry span, ChunkEntry chunk)
    {
        Span<ChunkEntry> pieces = stackalloc ChunkEntry[3];
        int count = 0;
        long after = span.Key + span.SpanChunks - chunk.Key - 1;
        if (chunk.Key > span.Key)
        {
            pieces[count++] = ChunkEntry.Span(span.Key, chunk.Key - span.Key);
        }

        pieces[count++] = chunk;
        if (after > 0)
        {
            pieces[count++] = ChunkEntry.Span(chunk.Key + 1, after);
        }

        word = Replace(slab, word, index, 1, pieces[..count]);
    }

    /// <summary>Fills or empties whole chunks; returns how many ids that changed.</summary>
    private static long EditSpan(Slab slab, ref ulong word, long firstKey, long lastKey, bool add)
    {
        SetDirectory directory = SetDirectory.Open(slab, word);
        long present = directory.Cardinality(slab, firstKey << 16, (lastKey << 16) + (ChunkEntry.Ids - 1));
        long changed = add ? ((lastKey - firstKey + 1) << 16) - present : present;
        if (changed == 0)
        {
            return 0;
        }

        // Spans that touch a span being added become part of it.
        long reach = add ? 1 : 0;
        int first = directory.TryCovering(Math.Max(0, firstKey - reach), out int covering, out ChunkEntry entry)
            && (entry.Kind == ChunkKind.Span || entry.Key >= firstKey) ? covering : covering + 1;
        int after = first;
        long spanFrom = firstKey;
        long spanTo = lastKey;
        Span<ChunkEntry> pieces = stackalloc ChunkEntry[2];
        int count = 0;
        for (; after < directory.Count; after++)
        {
            entry = directory[after];
            if (entry.Key > lastKey && (entry.Kind != ChunkKind.Span || entry.Key > lastKey + reach))
            {
                break;
            }

            if (entry.Kind != ChunkKind.Span)
            {
                ChunkEditor.Free(slab, entry);
                continue;
            }

            long end = entry.Key + entry.SpanChunks - 1;
            if (add)
            {
                spanFrom = Math.Min(spanFrom, entry.Key);
                spanTo = Math.Max(spanTo, end);
                continue;
            }

            if (entry.Key < firstKey)
            {
                pieces[count++] = ChunkEntry.Span(entry.Key, firstKey - entry.Key);
            }

            if (end > lastKey)
            {
                pieces[count++] = ChunkEntry.Span(lastKey + 1, end - lastKey);
            }
        }

        if (add)
        {
            pieces[count++] = ChunkEntry.Span(spanFrom, spanTo - spanFrom + 1);
        }

        word = Replace(slab, word, first, after - first, pieces[..count]);
        return changed;
    }

    private static ulong Normalise(Slab slab, ulong word)
    {
        SetDirectory directory = SetDirectory.Open(slab, word);
        if (directory.Count > ListItems)
        {
            return word;
        }

        long members = 0;
        long runs = 0;
        for (int index = 0; index < directory.Count; index++)
        {
            ChunkEntry entry = directory[index];
            members += ChunkReader.Cardinality(slab, entry);
            runs += entry.Kind == ChunkKind.Span ? 1 : ChunkReader.Shape(slab, entry).Runs;
            if (members > ListItems && 2 * runs > ListItems)
            {
                return word;
            }
        }

        Span<MessageRange> ranges = stackalloc MessageRange[ListItems];
        int count = ReadSet.Ranges(slab, word, 0, ranges);
        Free(slab, word);
        return ListEncoder.Encode(slab, SetWord.Empty, ranges[..count]);
    }
}

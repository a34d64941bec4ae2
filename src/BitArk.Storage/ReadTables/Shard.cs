using System.Runtime.CompilerServices;
using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadTables;

/// <summary>
/// One flat open-addressing table of entries with linear probing, and the sequence lock over it. Where its entries lie
/// and how many there are never changes: growth and split make new shards, and the old one stays odd for ever, so a
/// reader that still holds it starts again. One writer.
/// </summary>
internal sealed unsafe class Shard(TrackedRegion region, PageRun run, int depth)
{
    private long _version;

    public Entry* Entries { get; } = (Entry*)region.Address;

    /// <summary>Slots.</summary>
    public uint Capacity { get; } = CapacityOf(run.Pages);

    /// <summary>How many top bits of the hash all its keys share.</summary>
    public int Depth { get; } = depth;

    public TrackedRegion Region { get; } = region;

    public PageRun Run { get; } = run;

    /// <summary>Slots in use. Writer only.</summary>
    public int Count { get; set; }

    /// <summary>Whether one more entry would make probes long: above a load of 0.8.</summary>
    public bool IsFull => (Count + 1L) * 5 > Capacity * 4L;

    public static uint CapacityOf(int pages) => (uint)((long)pages * Mmap.PageBytes / Entry.Size);

    /// <summary>The slot where the search for a hash begins. It grows with the low 32 bits, so a rehash reads and writes in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint HomeOf(ulong hash) => (uint)(((hash & uint.MaxValue) * Capacity) >> 32);

    /// <summary>Reader: the version to check the answer against; false while the writer is inside, or when the shard was replaced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryBeginRead(out long version)
    {
        version = Volatile.Read(ref _version);
        return (version & 1) == 0;
    }

    /// <summary>Reader: whether nothing changed since <see cref="TryBeginRead"/>. The barrier keeps the look-up's loads before the second check.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsUnchanged(long version)
    {
        Volatile.ReadBarrier();
        return Volatile.Read(ref _version) == version;
    }

    /// <summary>Writer: from here on readers discard what they see. The barrier keeps the changes behind the odd version.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BeginWrite()
    {
        _version++;
        Volatile.WriteBarrier();
    }

    /// <summary>Writer: publishes the changes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndWrite() => Volatile.Write(ref _version, _version + 1);

    /// <summary>Writer: the shard was replaced in the directory. Odd for ever.</summary>
    public void Retire() => BeginWrite();

    /// <summary>The state under a key, 0 if there is none. A reader may meet garbage: at most every slot is probed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Find(ulong hash, long user, long channel)
    {
        var slot = HomeOf(hash);
        for (var left = Capacity; left > 0; left--)
        {
            var entry = Entries + slot;
            var state = entry->State;
            if ((entry->User == user && entry->Channel == channel) || state == 0)
            {
                return state;
            }

            if (++slot == Capacity)
            {
                slot = 0;
            }
        }

        return 0;
    }

    /// <summary>Writer: the slot of a key, or the empty slot where it belongs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint FindSlot(ulong hash, long user, long channel)
    {
        var slot = HomeOf(hash);
        while (true)
        {
            var entry = Entries + slot;
            if ((entry->User == user && entry->Channel == channel) || entry->State == 0)
            {
                return slot;
            }

            if (++slot == Capacity)
            {
                slot = 0;
            }
        }
    }

    /// <summary>Writer, on a shard no reader has yet: adds an entry whose key is not there.</summary>
    public void Append(ulong hash, in Entry entry)
    {
        var slot = HomeOf(hash);
        while (Entries[slot].State != 0)
        {
            if (++slot == Capacity)
            {
                slot = 0;
            }
        }

        Entries[slot] = entry;
        Count++;
    }

    /// <summary>Writer: must precede a change of a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BeforeWrite(uint slot) => Region.BeforeWrite((long)slot * Entry.Size, Entry.Size);

    /// <summary>Writer, inside a write: empties a slot and moves those behind it back, so that no search ends too early.</summary>
    public void RemoveAt(uint slot, in KeyHash hash)
    {
        var hole = slot;
        var next = slot;
        while (true)
        {
            next = next + 1 == Capacity ? 0 : next + 1;
            var entry = Entries[next];
            if (entry.State == 0)
            {
                break;
            }

            // It may move into the hole unless its home lies cyclically in (hole, next].
            var home = HomeOf(hash.Of(entry.User, entry.Channel));
            var stays = hole <= next ? home > hole && home <= next : home > hole || home <= next;
            if (!stays)
            {
                BeforeWrite(hole);
                Entries[hole] = entry;
                hole = next;
            }
        }

        BeforeWrite(hole);
        Entries[hole] = default;
        Count--;
    }
}

using System.Runtime.CompilerServices;
using BitArk.Storage.Memory;
using BitArk.Storage.ReadTables;

namespace BitArk.Benchmarks.Engine;

/// <summary>
/// The yardstick: one bare open-addressing table of 24-byte entries at a fixed size and a load of 0.6, the same hash, no lock, no shards, no growth.
/// </summary>
internal sealed unsafe class FlatTable
{
    private readonly Entry* _entries;
    private readonly ulong _capacity;
    private readonly KeyHash _hash = KeyHash.Of(Random.Shared);

    public FlatTable(int sets, bool hugePages)
    {
        _capacity = (ulong)(sets / 0.6);
        var bytes = (long)(_capacity * Entry.Size);
        _entries = (Entry*)Mmap.MapAligned((bytes + Mmap.HugePageBytes) & -Mmap.HugePageBytes, Mmap.HugePageBytes);
        if (hugePages)
        {
            Mmap.PreferHugePages((byte*)_entries, bytes);
        }
    }

    public void Set(long user, long channel, ulong cursor) => *Find(user, channel) = new Entry { User = user, Channel = channel, State = cursor };

    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Contains(long user, long channel, long message) => message >= 1 && (ulong)message <= Find(user, channel)->State;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Entry* Find(long user, long channel)
    {
        var slot = (ulong)Math.BigMul(_hash.Of(user, channel), _capacity, out _);
        while (true)
        {
            var entry = _entries + slot;
            if ((entry->User == user && entry->Channel == channel) || entry->State == 0)
            {
                return entry;
            }

            slot = slot + 1 == _capacity ? 0 : slot + 1;
        }
    }
}

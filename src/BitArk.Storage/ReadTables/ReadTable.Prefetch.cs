using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using BitArk.Storage.ReadSets;

namespace BitArk.Storage.ReadTables;

// Asks for memory that a coming change will touch, so that the waits for it overlap instead of following each other. Changes nothing and may be wrong:
// an entry that probing or a change in between has put elsewhere is only found a little later.
public sealed unsafe partial class ReadTable
{
    /// <summary>Asks for the lines where the search for a read set begins: a new one looks at six entries in the mean before it finds a place. Writer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PrefetchEntry(UserId user, ChannelId channel)
    {
        if (Sse.IsSupported)
        {
            var hash = _hash.Of(user.Value, channel.Value);
            var shard = ShardOf(hash);
            var home = (byte*)(shard.Entries + shard.HomeOf(hash));
            Sse.Prefetch0(home);
            Sse.Prefetch0(home + 64);
            Sse.Prefetch0(home + 128);
        }
    }

    /// <summary>Asks for the first lines of a set's block, if its entry, which should be near by now, has one. Writer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PrefetchBlock(UserId user, ChannelId channel)
    {
        if (Sse.IsSupported)
        {
            var hash = _hash.Of(user.Value, channel.Value);
            var shard = ShardOf(hash);
            var state = shard.Find(hash, user.Value, channel.Value);
            if (!SetWord.IsCursor(state))
            {
                var block = _slab.Resolve(SetWord.Reference(state), out _);
                Sse.Prefetch0(block);
                Sse.Prefetch0(block + 64);
            }
        }
    }
}

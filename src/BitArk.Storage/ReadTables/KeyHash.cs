using System.Runtime.CompilerServices;

namespace BitArk.Storage.ReadTables;

/// <summary>
/// The keyed hash that places a read set: two rounds of multiply-and-fold over the key and a random seed, so that nobody
/// outside can choose ids that collide. The top 32 bits choose the shard, the low 32 bits the slot.
/// </summary>
internal readonly struct KeyHash(ulong userKey, ulong channelKey)
{
    private const ulong Odd = 0x9E37_79B9_7F4A_7C15;

    public ulong UserKey { get; } = userKey;

    public ulong ChannelKey { get; } = channelKey;

    /// <summary>A hash that no other table shares.</summary>
    public static KeyHash Of(Random random) => new((ulong)random.NextInt64() << 1 | 1, (ulong)random.NextInt64() << 1 | 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Of(long user, long channel)
    {
        var high = Math.BigMul((ulong)user ^ UserKey, (ulong)channel ^ ChannelKey, out var low);
        high = Math.BigMul(high ^ low ^ ChannelKey, Odd, out low);
        return high ^ low;
    }
}

using System.Runtime.CompilerServices;
using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadTables;

/// <summary>
/// All read sets of one namespace, in memory: an extendible hash table of <see cref="Shard"/>s whose entries, and the
/// blocks of sets with holes, lie in native memory. One thread writes; any thread reads, without a lock, without an
/// allocation and without ever waiting for more than one operation of the writer.
/// </summary>
public sealed unsafe partial class ReadTable : IDisposable
{
    private const int MaxDepth = 22;

    private readonly NativeArena _arena = new(Mmap.PageBytes, hugePages: true);
    private readonly Slab _slab;
    private readonly KeyHash _hash;
    private Shard[] _directory;
    private int _shards;
    private long _count;
    private long _entryBytes;

    /// <summary>An empty table.</summary>
    public ReadTable()
        : this(KeyHash.Of(Random.Shared))
    {
    }

    internal ReadTable(KeyHash hash)
        : this(hash, []) => _directory = [NewShard(pages: 1, depth: 0)];

    private ReadTable(KeyHash hash, Shard[] directory)
    {
        _hash = hash;
        _slab = new Slab();
        _directory = directory;
    }

    /// <summary>Above this many entries a shard splits rather than grows, which bounds the pause of both.</summary>
    internal int SplitCount { get; init; } = 26_000;

    /// <summary>Read sets that are not empty. Any thread.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Bytes of native memory in use. Any thread.</summary>
    public long MemoryBytes => Volatile.Read(ref _entryBytes) + _slab.MemoryBytes;

    /// <summary>Unmaps everything. No reader may be inside, and none may come again.</summary>
    public void Dispose()
    {
        _arena.Dispose();
        _slab.Dispose();
    }

    // The directory's length is a power of two: scaling the top 32 bits by it takes the top log2(length) of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Shard ShardOf(ulong hash)
    {
        var directory = Volatile.Read(ref _directory);
        return Volatile.Read(ref directory[(int)(((hash >> 32) * (ulong)directory.Length) >> 32)]);
    }

    private Shard NewShard(int pages, int depth)
    {
        var run = _arena.Allocate(pages);
        var bytes = (long)pages * Mmap.PageBytes;
        Volatile.Write(ref _entryBytes, _entryBytes + bytes);
        _shards++;
        return new Shard(new TrackedRegion(_arena.AddressOf(run), bytes), run, depth);
    }
}

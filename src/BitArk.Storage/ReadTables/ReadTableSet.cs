using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadTables;

/// <summary>The read tables of one partition, one per namespace, each made when it is first written to. One writer, any readers.</summary>
public sealed class ReadTableSet : IDisposable
{
    private const int PageSize = 256;

    // Two levels, because most partitions know a handful of the 65,536 namespaces.
    private readonly ReadTable?[]?[] _pages = new ReadTable?[]?[PageSize];
    private readonly List<(NamespaceId Id, ReadTable Table)> _tables = [];
    private SnapshotCapture? _capture;

    /// <summary>Where the hash keys of new tables come from. They decide the order of what a snapshot holds.</summary>
    internal Random Hashes { get; set; } = Random.Shared;

    /// <summary>Read sets in all tables. Any thread.</summary>
    public long ReadSetCount => Sum(static table => table.Count);

    /// <summary>Bytes of native memory in use. Any thread.</summary>
    public long MemoryBytes => Sum(static table => table.MemoryBytes);

    /// <summary>The table of a namespace, or null while nothing was written to it. Any thread.</summary>
    public ReadTable? Find(NamespaceId id)
    {
        var page = Volatile.Read(ref _pages[id.Value / PageSize]);
        return page is null ? null : Volatile.Read(ref page[id.Value % PageSize]);
    }

    /// <summary>The table of a namespace, made if there is none. Writer only.</summary>
    public ReadTable GetOrAdd(NamespaceId id) => Find(id) ?? Add(id, new ReadTable(KeyHash.Of(Hashes)));

    /// <summary>
    /// Begins a point-in-time copy of all tables as they are now; the writer then calls <see cref="SnapshotCapture.CopySome"/> between its batches. Writer only.
    /// </summary>
    /// <param name="bufferBytes">How much copied memory may wait for the drainer.</param>
    public SnapshotCapture BeginCapture(long bufferBytes = SnapshotCapture.DefaultBufferBytes) => BeginCapture(bufferBytes, static _ => { });

    /// <inheritdoc cref="BeginCapture(long)"/>
    /// <param name="bufferBytes">How much copied memory may wait for the drainer.</param>
    /// <param name="also">Adds regions of other owners with <see cref="SnapshotCapture.Add"/> and <see cref="TrackedRegion.MarkPending"/>; their ids follow those of the tables.</param>
    internal SnapshotCapture BeginCapture(long bufferBytes, Action<SnapshotCapture> also)
    {
        if (_capture is { IsAborted: true })
        {
            _ = _capture.CopySome(0);
        }

        if (_capture is not null)
        {
            throw new InvalidOperationException("A snapshot is being captured; it must be finished or aborted before the next one begins.");
        }

        var capture = _capture = new SnapshotCapture(bufferBytes, EndCapture);
        try
        {
            var geometry = new GeometryWriter();
            geometry.WriteInt32(_tables.Count);
            foreach (var (id, table) in _tables)
            {
                geometry.WriteInt32(id.Value);
                table.BeginCapture(capture, geometry);
            }

            capture.Geometry = geometry.Written;
            also(capture);
            capture.Start();
            return capture;
        }
        catch
        {
            // Nobody will drain what has begun only in part.
            capture.GiveUp();
            throw;
        }
    }

    /// <summary>Prepares tables as a capture's <see cref="SnapshotCapture.Geometry"/> describes them, to be filled with its items.</summary>
    /// <exception cref="InvalidDataException">The geometry is damaged.</exception>
    public static ReadTableRestore Restore(ReadOnlySpan<byte> geometry)
    {
        var reader = new GeometryReader(geometry);
        var tables = new ReadTableSet();
        var regions = new List<TrackedRegion>();
        try
        {
            var count = reader.ReadInt32("the number of tables", 0, ushort.MaxValue + 1);
            for (var i = 0; i < count; i++)
            {
                var id = new NamespaceId((ushort)reader.ReadInt32("a namespace", 0, ushort.MaxValue));
                if (tables.Find(id) is not null)
                {
                    throw GeometryReader.Invalid($"namespace {id.Value} comes twice");
                }

                _ = tables.Add(id, ReadTable.Restore(ref reader, regions));
            }

            return reader.IsAtEnd ? new ReadTableRestore(tables, regions) : throw GeometryReader.Invalid("something follows its end");
        }
        catch
        {
            tables.Dispose();
            throw;
        }
    }

    /// <summary>A checksum of the logical content of all tables, as <see cref="ReadTable.Digest"/>. Nothing may write meanwhile.</summary>
    public ulong Digest()
    {
        ulong digest = 0;
        foreach (var (id, table) in _tables)
        {
            // An emptied table counts as none; the odd factor makes the same set in two namespaces differ.
            digest += table.Digest() * ((id.Value * 2UL) + 1);
        }

        return digest;
    }

    /// <summary>Shows the tables in the order in which they were made. Writer, or nobody writing.</summary>
    public IEnumerable<KeyValuePair<NamespaceId, ReadTable>> All()
    {
        foreach (var (id, table) in _tables)
        {
            yield return new(id, table);
        }
    }

    /// <summary>Unmaps all tables. No reader may be inside, and none may come again.</summary>
    public void Dispose()
    {
        foreach (var (_, table) in _tables)
        {
            table.Dispose();
        }

        _tables.Clear();
    }

    private ReadTable Add(NamespaceId id, ReadTable table)
    {
        ref var page = ref _pages[id.Value / PageSize];
        if (page is null)
        {
            Volatile.Write(ref page, new ReadTable?[PageSize]);
        }

        Volatile.Write(ref page[id.Value % PageSize], table);
        _tables.Add((id, table));
        return table;
    }

    private void EndCapture()
    {
        foreach (var (_, table) in _tables)
        {
            table.EndCapture();
        }

        _capture = null;
    }

    private long Sum(Func<ReadTable, long> of)
    {
        long sum = 0;
        foreach (var page in _pages)
        {
            foreach (var table in page ?? [])
            {
                sum += table is null ? 0 : of(table);
            }
        }

        return sum;
    }
}

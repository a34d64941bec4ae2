using System.Buffers.Binary;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>
/// Which epoch wrote which part of the log: epoch -> position of its first record. It is how two histories that differ
/// find their last common position. Both columns strictly increase. The newest <see cref="MaxEntries"/> epochs are kept:
/// far more than a retained log can hold, and a replay of the same log forgets the same ones. One thread.
/// </summary>
public sealed class EpochTable
{
    /// <summary>The most epochs remembered.</summary>
    public const int MaxEntries = 4096;

    /// <summary>The bytes of one entry in a snapshot: epoch i64, first position i64, little endian.</summary>
    internal const int EntrySize = 16;

    private readonly List<EpochEntry> _entries = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<EpochEntry> Entries => _entries;

    /// <summary>The newest epoch; <see cref="Epoch.None"/> before the first.</summary>
    public Epoch Last => _entries.Count == 0 ? Epoch.None : _entries[^1].Epoch;

    /// <summary>Records that <paramref name="epoch"/> begins at <paramref name="first"/>.</summary>
    /// <exception cref="InvalidOperationException">It does not come after the last entry in both columns.</exception>
    public void Add(Epoch epoch, Lsn first)
    {
        if (_entries.Count > 0 && (epoch <= _entries[^1].Epoch || first <= _entries[^1].First))
            throw new InvalidOperationException($"Epoch {epoch} at {first} does not follow {_entries[^1].Epoch} at {_entries[^1].First}.");
        if (_entries.Count == MaxEntries)
            _entries.RemoveAt(0);
        _entries.Add(new EpochEntry(epoch, first));
    }

    /// <summary>The epoch that wrote the byte at <paramref name="position"/>; <see cref="Epoch.None"/> if it lies before every remembered epoch.</summary>
    public Epoch At(Lsn position)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].First <= position)
                return _entries[i].Epoch;
        }

        return Epoch.None;
    }

    internal byte[] ToBytes()
    {
        var bytes = new byte[_entries.Count * EntrySize];
        for (var i = 0; i < _entries.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * EntrySize), _entries[i].Epoch.Value);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * EntrySize + 8), _entries[i].First.Value);
        }

        return bytes;
    }

    internal static bool TryRead(ReadOnlySpan<byte> bytes, out EpochTable table)
    {
        table = new EpochTable();
        if (bytes.Length % EntrySize != 0 || bytes.Length / EntrySize > MaxEntries)
            return false;
        for (; bytes.Length > 0; bytes = bytes[EntrySize..])
        {
            var entry = new EpochEntry(new Epoch(BinaryPrimitives.ReadInt64LittleEndian(bytes)), new Lsn(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..])));
            if (entry.Epoch <= table.Last || entry.First < Lsn.Zero || (table._entries.Count > 0 && entry.First <= table._entries[^1].First))
                return false;
            table._entries.Add(entry);
        }

        return true;
    }
}

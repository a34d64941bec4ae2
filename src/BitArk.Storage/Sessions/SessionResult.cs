using System.Buffers.Binary;
using System.Numerics;
using BitArk.Storage.ReadTables;

namespace BitArk.Storage.Sessions;

/// <summary>
/// What one sequence of a session changed, in a cell of fixed size. Little endian.
/// <code>
///   0      1       2       4                      24
///   | kind | width | count | counts, width bits each, lowest bit first |
///   | u8   | u8    | u16   | u8 x 20              |
/// </code>
/// <c>kind</c>: 0 not applied, 1 applied with its counts, 2 applied and the counts are not kept, 3 the same and an operation was refused: <c>count</c>
/// is then the first such one's place, and <c>width</c> 0. Counts are kept when
/// operations x bits of the largest count fit 160 bits: 160 operations that changed at most one id each, 40 that changed
/// at most 15, 2 that changed anything. A repeat of a write whose counts are not kept answers zeros: it changed nothing itself.
/// </summary>
internal static class SessionResult
{
    /// <summary>The bytes of a cell.</summary>
    public const int Size = 24;

    private const int MaxBits = (Size - HeaderSize) * 8;
    private const int HeaderSize = 4;
    private const byte NotApplied = 0;
    private const byte WithCounts = 1;
    private const byte WithoutCounts = 2;
    private const byte Refused = 3;

    /// <summary>Whether the cell's sequence was applied.</summary>
    public static bool IsApplied(ReadOnlySpan<byte> cell) => cell[0] != NotApplied;

    /// <summary>Records what a sequence changed, per operation.</summary>
    public static void Write(Span<byte> cell, ReadOnlySpan<long> changed)
    {
        cell[..Size].Clear();
        long all = 0;
        foreach (var count in changed)
            all |= count;
        var width = 64 - BitOperations.LeadingZeroCount((ulong)all);
        if (changed.Length > ushort.MaxValue || (long)width * changed.Length > MaxBits)
        {
            WriteWithoutCounts(cell, changed.IndexOf(ReadTable.TooScattered));
            return;
        }

        cell[0] = WithCounts;
        cell[1] = (byte)width;
        BinaryPrimitives.WriteUInt16LittleEndian(cell[2..], (ushort)changed.Length);
        var position = 0;
        foreach (var count in changed)
        {
            for (var bit = 0; bit < width; bit++, position++)
            {
                if (((count >> bit) & 1) != 0)
                    cell[HeaderSize + (position >> 3)] |= (byte)(1 << (position & 7));
            }
        }
    }

    // That an operation was refused is no count that may be left out: the repeat would be told that it was applied.
    private static void WriteWithoutCounts(Span<byte> cell, int refused)
    {
        cell[0] = refused < 0 ? WithoutCounts : Refused;
        if (refused >= 0)
            BinaryPrimitives.WriteUInt16LittleEndian(cell[2..], checked((ushort)refused));
    }

    /// <summary>
    /// Reads the counts back; zeros, and false, when they were not kept or are of another number of operations. An operation that
    /// was refused is <see cref="ReadTable.TooScattered"/> in both cases.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> cell, Span<long> changed)
    {
        changed.Clear();
        if (cell[0] == Refused && BinaryPrimitives.ReadUInt16LittleEndian(cell[2..]) is var refused && refused < changed.Length)
            changed[refused] = ReadTable.TooScattered;
        int width = cell[1];
        if (cell[0] != WithCounts || BinaryPrimitives.ReadUInt16LittleEndian(cell[2..]) != changed.Length || (long)width * changed.Length > MaxBits)
            return false;
        var position = 0;
        for (var i = 0; i < changed.Length; i++)
        {
            for (var bit = 0; bit < width; bit++, position++)
                changed[i] |= (long)((cell[HeaderSize + (position >> 3)] >> (position & 7)) & 1) << bit;
        }

        return true;
    }
}

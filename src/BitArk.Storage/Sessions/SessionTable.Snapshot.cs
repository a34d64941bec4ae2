using System.Buffers.Binary;
using BitArk.Storage.Memory;

namespace BitArk.Storage.Sessions;

// The table's part in a point-in-time snapshot.
public sealed partial class SessionTable
{
    // live region i32 | live slots used i32 | evicted region i32 | evicted slots used i32, little endian.
    internal const int GeometryBytes = 16;

    /// <summary>Joins a capture between two records; returns what a restore needs to know. Writer only.</summary>
    internal byte[] BeginCapture(SnapshotCapture capture)
    {
        var geometry = new byte[GeometryBytes];
        Join(_live, geometry);
        Join(_evicted, geometry.AsSpan(8));
        return geometry;

        void Join(SessionSlots slots, Span<byte> into)
        {
            BinaryPrimitives.WriteInt32LittleEndian(into, capture.Add(slots.Region));
            BinaryPrimitives.WriteInt32LittleEndian(into[4..], slots.Used);
            slots.Region.MarkPending(0, slots.UsedBytes);
        }
    }

    /// <summary>Begins filling an empty table from a snapshot.</summary>
    /// <exception cref="InvalidDataException">The description does not fit this table.</exception>
    internal SessionTableRestore BeginRestore(ReadOnlySpan<byte> geometry)
    {
        if (geometry.Length != GeometryBytes)
            throw new InvalidDataException("The session table's description has another length.");
        return new SessionTableRestore(
            new SessionSlotsRestore(_live, BinaryPrimitives.ReadInt32LittleEndian(geometry), BinaryPrimitives.ReadInt32LittleEndian(geometry[4..])),
            new SessionSlotsRestore(_evicted, BinaryPrimitives.ReadInt32LittleEndian(geometry[8..]), BinaryPrimitives.ReadInt32LittleEndian(geometry[12..])));
    }
}

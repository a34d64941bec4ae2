using System.Diagnostics.CodeAnalysis;

namespace BitArk.Replication.Messages;

/// <summary>The bytes of every replication message. A message's manifest never changes and never means another message.</summary>
public static class ReplicationCodec
{
    /// <summary>The short name its bytes travel under.</summary>
    public static string ManifestOf(ReplicationMessage message) => throw new NotImplementedException();

    /// <summary>How many bytes <see cref="Write"/> writes.</summary>
    public static int SizeOf(ReplicationMessage message) => throw new NotImplementedException();

    /// <summary>Writes a message.</summary>
    public static void Write(ReplicationMessage message, Span<byte> into) => throw new NotImplementedException();

    /// <summary>
    /// Reads a message; false with a reason when a byte of it is not what it must be. Never throws, whatever the bytes. A
    /// batch's bytes are a slice of the given memory, not a copy: the caller must not use that memory for anything else.
    /// </summary>
    public static bool TryRead(string manifest, ReadOnlyMemory<byte> from, [NotNullWhen(true)] out ReplicationMessage? message, out string reason) =>
        throw new NotImplementedException();
}

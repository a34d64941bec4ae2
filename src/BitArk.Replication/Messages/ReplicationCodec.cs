using System.Diagnostics.CodeAnalysis;

namespace BitArk.Replication.Messages;

/// <summary>
/// The bytes of every replication message: a common header (<c>WireHeader</c>), then the body that stands in a ruler beside
/// each message (<c>*.Wire.cs</c>). A manifest never changes and never means another message; <c>docs/protocol.md</c> lists them.
/// </summary>
public static class ReplicationCodec
{
    /// <summary>The most bytes any message has: a full batch.</summary>
    public const int MaxBytes = WireHeader.Size + 36 + ReplicateBatch.MaxBytes;

    private static readonly Dictionary<string, MessageKind> Kinds = Enum.GetValues<MessageKind>().ToDictionary(ManifestOf);

    /// <summary>All manifests there are.</summary>
    public static IReadOnlyCollection<string> Manifests => Kinds.Keys;

    /// <summary>The short name a message's bytes travel under.</summary>
    public static string ManifestOf(ReplicationMessage message) => ManifestOf(message.Kind);

    /// <summary>How many bytes <see cref="Write"/> writes.</summary>
    public static int SizeOf(ReplicationMessage message) => WireHeader.Size + message.BodySize;

    /// <summary>Writes a message.</summary>
    /// <param name="message">What.</param>
    /// <param name="into">At least <see cref="SizeOf"/> bytes.</param>
    public static void Write(ReplicationMessage message, Span<byte> into)
    {
        var bytes = into[..SizeOf(message)];
        var body = new WireWriter(bytes[WireHeader.Size..]);
        message.WriteBody(ref body);
        // The header last: its checksum covers the body.
        var covered = message is ReplicateBatch batch ? bytes[..^batch.Bytes.Length] : bytes;
        new WireHeader(message.Kind, message.Cluster, message.Partition, message.Epoch).Write(covered);
    }

    /// <summary>
    /// Reads a message; false with a reason when a byte of it is not what it must be. Never throws, whatever the bytes. A
    /// batch's log bytes are a slice of the given memory, not a copy: that memory must stay as it is while the batch is used.
    /// Whether the log bytes are right only the records' own checksums say.
    /// </summary>
    /// <param name="manifest">Under which the bytes came.</param>
    /// <param name="from">The message, and nothing behind it.</param>
    /// <param name="message">The message.</param>
    /// <param name="reason">What is wrong with it; empty when nothing is.</param>
    public static bool TryRead(string manifest, ReadOnlyMemory<byte> from, [NotNullWhen(true)] out ReplicationMessage? message, out string reason)
    {
        message = null;
        if (!Kinds.TryGetValue(manifest, out var kind))
            reason = "its manifest is not known";
        else if (!WireHeader.TryRead(from.Span, out var header, out reason))
            return false;
        else if (header.Kind != kind)
            reason = $"it has kind {(byte)header.Kind}, and came as kind {(byte)kind}";
        else
        {
            var body = new WireReader(from);
            var read = ReadBody(header, ref body);
            reason = body.Reason;
            if (reason.Length == 0 && !body.IsAtEnd)
                reason = "something stands behind it";
            else if (reason.Length == 0 && !WireHeader.HasRightChecksum(from.Span[..body.CoveredBytes]))
                reason = "its checksum is wrong";
            message = reason.Length == 0 ? read : null;
        }

        return message is not null;
    }

    private static ReplicationMessage? ReadBody(in WireHeader header, ref WireReader from) => header.Kind switch
    {
        MessageKind.Prepare => Prepare.ReadBody(header, ref from),
        MessageKind.Promise => Promise.ReadBody(header, ref from),
        MessageKind.PrepareRefused => PrepareRefused.ReadBody(header, ref from),
        MessageKind.PullFrom => PullFrom.ReadBody(header, ref from),
        MessageKind.StreamFrom => StreamFrom.ReadBody(header, ref from),
        MessageKind.TruncateTo => TruncateTo.ReadBody(header, ref from),
        MessageKind.NeedFullSync => NeedFullSync.ReadBody(header, ref from),
        MessageKind.WrongEpoch => WrongEpoch.ReadBody(header, ref from),
        MessageKind.ReplicateBatch => ReplicateBatch.ReadBody(header, ref from),
        MessageKind.Heartbeat => Heartbeat.ReadBody(header, ref from),
        MessageKind.Ack => Ack.ReadBody(header, ref from),
        MessageKind.Nack => Nack.ReadBody(header, ref from),
        MessageKind.Lead => Lead.ReadBody(header, ref from),
        MessageKind.HandOver => HandOver.ReadBody(header, ref from),
        MessageKind.HandOverReady => HandOverReady.ReadBody(header, ref from),
        _ => null,
    };

    private static string ManifestOf(MessageKind kind) => kind switch
    {
        MessageKind.Prepare => "pr",
        MessageKind.Promise => "pm",
        MessageKind.PrepareRefused => "px",
        MessageKind.PullFrom => "pf",
        MessageKind.StreamFrom => "sf",
        MessageKind.TruncateTo => "tt",
        MessageKind.NeedFullSync => "fs",
        MessageKind.WrongEpoch => "we",
        MessageKind.ReplicateBatch => "rb",
        MessageKind.Heartbeat => "hb",
        MessageKind.Ack => "ak",
        MessageKind.Nack => "nk",
        MessageKind.Lead => "ld",
        MessageKind.HandOver => "ho",
        MessageKind.HandOverReady => "hr",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such message."),
    };
}

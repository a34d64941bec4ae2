using System.Buffers.Binary;

namespace BitArk.Cluster.Membership;

/// <summary>
/// The bytes of an <see cref="IslandView"/>. Little endian.
/// <code>
///   0     1       2     6         22        26     30           34
///   | ver | flags | uid | cluster | members | port | oldest uid | host |
///   | u8  | u8    | i32 | u8 x 16 | i32     | i32  | i32        |
///   flags: bit 0 an answer; others 0       cluster: zeros: none       host: | bytes u8 | UTF-8 |
/// </code>
/// </summary>
internal static class IslandViewCodec
{
    public const string Manifest = "island";

    private const byte Version = 1;
    private const int FixedSize = 34;
    private const int MaxMembers = 1_000_000;

    public static int SizeOf(IslandView view) => FixedSize + WireText.SizeOf(view.Island.Host);

    public static void Write(IslandView view, Span<byte> into)
    {
        into[0] = Version;
        into[1] = view.IsAnswer ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(into[2..], view.Uid);
        (view.Cluster?.Value ?? Guid.Empty).TryWriteBytes(into[6..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(into[22..], view.Members);
        BinaryPrimitives.WriteInt32LittleEndian(into[26..], view.Island.Port);
        BinaryPrimitives.WriteInt32LittleEndian(into[30..], view.Island.Uid);
        WireText.Write(view.Island.Host, into[FixedSize..]);
    }

    /// <summary>Reads a view; null with a reason when a byte of it is not what it must be. Never throws.</summary>
    public static IslandView? TryRead(ReadOnlySpan<byte> from, out string reason)
    {
        if (from.Length < FixedSize || from[0] != Version || from[1] > 1)
            return Fail(out reason, from.Length < FixedSize ? $"it has {from.Length} bytes" : $"it has version {from[0]} and flags {from[1]}");

        var rest = from[FixedSize..];
        if (!WireText.TryRead(ref rest, out var host) || rest.Length > 0)
            return Fail(out reason, "its lengths contradict each other");

        var members = BinaryPrimitives.ReadInt32LittleEndian(from[22..]);
        if (members is < 0 or > MaxMembers)
            return Fail(out reason, $"it counts {members} members");

        var cluster = new Guid(from[6..22], bigEndian: true);
        var island = new IslandId(host, BinaryPrimitives.ReadInt32LittleEndian(from[26..]), BinaryPrimitives.ReadInt32LittleEndian(from[30..]));
        reason = "";
        return new IslandView(
            BinaryPrimitives.ReadInt32LittleEndian(from[2..]), cluster == Guid.Empty ? null : new ClusterId(cluster), island, members, IsAnswer: from[1] == 1);
    }

    private static IslandView? Fail(out string reason, string text)
    {
        reason = text;
        return null;
    }
}

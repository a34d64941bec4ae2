using System.Buffers;

namespace BitArk.Replication.Messages;

/// <summary>What a node's name may be on the wire, as <see cref="NodeId"/> says.</summary>
internal static class NodeName
{
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid(string name) => name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(Allowed);
}

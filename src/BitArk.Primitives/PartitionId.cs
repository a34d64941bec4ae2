using System.Buffers.Binary;
using System.IO.Hashing;

namespace BitArk;

/// <summary>One independent log and state of the cluster: 0 … partition count - 1.</summary>
/// <param name="Value">The index.</param>
public readonly record struct PartitionId(int Value)
{
    /// <summary>
    /// The partition that holds a user's read sets: <c>XxHash3(user as 8 bytes little endian, seed 0) mod partitionCount</c>.
    /// The rule is part of the outer contract, and clients compute it too: it never changes for an existing cluster.
    /// </summary>
    public static PartitionId Of(UserId user, int partitionCount)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, user.Value);
        return new PartitionId((int)(XxHash3.HashToUInt64(bytes) % (ulong)partitionCount));
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

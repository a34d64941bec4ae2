namespace BitArk.Storage.Wal;

/// <summary>The payload of a Marks record: one client write (<see cref="MarksHeader"/>, then its operations).</summary>
public static class MarksPayload
{
    /// <summary>The most operations one payload holds.</summary>
    public const int MaxOperations = ushort.MaxValue;

    /// <summary>The bytes that a write takes as a payload.</summary>
    public static int SizeOf(SessionId session, ReadOnlySpan<MarkOperation> operations)
    {
        var size = new MarksHeader(session, 0, operations.Length).Size;
        foreach (ref readonly var operation in operations)
            size += MarksOperationCodec.SizeOf(operation);
        return size;
    }

    /// <summary>Writes a payload of valid operations; returns its bytes. Allocates nothing.</summary>
    /// <param name="into">At least <see cref="SizeOf"/> bytes.</param>
    /// <param name="session">The client's session; 0 without one.</param>
    /// <param name="sequence">The session's number of this write.</param>
    /// <param name="operations">1 … <see cref="MaxOperations"/>, already validated.</param>
    public static int Write(Span<byte> into, SessionId session, long sequence, ReadOnlySpan<MarkOperation> operations)
    {
        ArgumentOutOfRangeException.ThrowIfZero(operations.Length);
        var header = new MarksHeader(session, sequence, operations.Length);
        header.Write(into);
        var at = header.Size;
        foreach (ref readonly var operation in operations)
            at += MarksOperationCodec.Write(into[at..], operation);
        return at;
    }

    /// <summary>
    /// Reads a whole payload in one pass, so that nothing of a bad one is applied; false with a reason. Allocates only when
    /// <paramref name="operations"/> must grow; keep it for the next call. The first <see cref="MarksHeader.Count"/> entries count.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, ref MarkOperation[] operations, out MarksHeader header, out string reason)
    {
        ArgumentNullException.ThrowIfNull(operations);
        if (!MarksHeader.TryRead(payload, out header, out reason))
            return false;
        if ((long)header.Count * MarksOperationCodec.MinSize > payload.Length - header.Size)
        {
            reason = $"the payload is too short for its {header.Count} operations";
            return false;
        }

        if (operations.Length < header.Count)
            operations = new MarkOperation[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)header.Count)];
        var at = header.Size;
        for (var i = 0; i < header.Count; i++)
        {
            if (!MarksOperationCodec.TryRead(payload, ref at, out operations[i]))
            {
                reason = $"operation {i} of {header.Count} is malformed";
                return false;
            }
        }

        if (at == payload.Length)
            return true;
        reason = $"{payload.Length - at} bytes follow the last operation";
        return false;
    }
}

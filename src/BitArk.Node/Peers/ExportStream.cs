using BitArk.Cluster;
using BitArk.Protocol.Internal.V1;
using Grpc.Core;

namespace BitArk.Node.Peers;

/// <summary>Puts the pieces of a forwarded export together.</summary>
internal static class ExportStream
{
    /// <summary>No export is larger, whatever the other side says.</summary>
    private const long MaxBytes = 256 << 20;

    /// <summary>The position and the bytes.</summary>
    /// <exception cref="ReadRefusedException">It was refused, or ended before its end.</exception>
    public static async Task<(ReadPosition Position, ReadOnlyMemory<byte> Bytes)> ReadAsync(IAsyncStreamReader<ExportPiece> pieces, CancellationToken cancellation)
    {
        if (!await pieces.MoveNext(cancellation).ConfigureAwait(false))
            throw Broken();

        var first = pieces.Current;
        if (first.Refusal is { } refusal)
            throw new ReadRefusedException(RefusalMessages.FromMessage(refusal));
        if (first.TotalBytes is < 0 or > MaxBytes)
            throw new ReadRefusedException(new ReadRefusal.TooLarge(MaxBytes));

        var bytes = new byte[first.TotalBytes];
        var at = 0;
        while (await pieces.MoveNext(cancellation).ConfigureAwait(false))
        {
            var data = pieces.Current.Data;
            if (data.Length > bytes.Length - at)
                throw Broken();

            data.Span.CopyTo(bytes.AsSpan(at));
            at += data.Length;
        }

        return at == bytes.Length ? (Positions.FromMessage(first.Position), bytes) : throw Broken();
    }

    private static ReadRefusedException Broken() => new(new ReadRefusal.NoLeader("the export broke off"));
}

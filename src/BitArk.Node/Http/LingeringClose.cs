using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace BitArk.Node.Http;

/// <summary>
/// Reads on for a bounded while after a body was refused: a client that is still sending would otherwise meet a reset
/// connection instead of the answer.
/// </summary>
internal static class LingeringClose
{
    private const long MaxBytes = 256L * 1024 * 1024;
    private const int BufferBytes = 64 * 1024;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    /// <summary>Announces that the connection ends with this answer; call it before the answer is written.</summary>
    public static void Announce(HttpContext http) => http.Response.Headers.Connection = "close";

    /// <summary>Completes the answer and discards what still arrives.</summary>
    public static async Task DrainAsync(HttpContext http)
    {
        await http.Response.CompleteAsync();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;

        using var patience = new CancellationTokenSource(MaxTime);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var left = MaxBytes;
            int read;
            while (left > 0 && (read = await http.Request.Body.ReadAsync(buffer, patience.Token)) > 0)
                left -= read;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away or never stops: it has its answer.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

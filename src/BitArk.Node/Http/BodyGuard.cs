using System.Buffers;
using BitArk.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace BitArk.Node.Http;

/// <summary>
/// Checks the bodies of the JSON routes before they are parsed: the type must be JSON, the size at most
/// <see cref="RequestLimits.MaxRequestBytes"/>. A body of unstated length (chunked) is read whole first, because JSON
/// transcoding would report "too large" as "malformed".
/// </summary>
internal sealed class BodyGuard(RequestDelegate next)
{
    private const int LingerBytes = 256 * 1024 * 1024;
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(5);

    /// <summary>Lets a request pass, or answers it.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var guarded = HttpMethods.IsPost(http.Request.Method)
            && !HttpProtocol.IsHttp2(http.Request.Protocol)
            && http.GetEndpoint() is not null
            && http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);
        if (!guarded)
        {
            await next(http);
            return;
        }

        if (!http.Request.HasJsonContentType())
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (http.Request.ContentLength is > RequestLimits.MaxRequestBytes)
        {
            await RefuseAsync(http);
            return;
        }

        if (http.Request.ContentLength is not null)
        {
            await next(http);
            return;
        }

        using var whole = new MemoryStream();
        if (await TryReadAsync(http, whole))
        {
            whole.Position = 0;
            http.Request.Body = whole;
            await next(http);
        }
        else
        {
            await RefuseAsync(http);
        }
    }

    private static async Task<bool> TryReadAsync(HttpContext http, MemoryStream into)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            int read;
            while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
            {
                if (into.Length + read > RequestLimits.MaxRequestBytes)
                    return false;
                into.Write(buffer, 0, read);
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Answers first and then reads on for a bounded while: a client that is still sending would otherwise meet a reset
    /// connection instead of the answer.
    /// </summary>
    private static async Task RefuseAsync(HttpContext http)
    {
        http.Response.Headers.Connection = "close";
        await HttpErrors.WriteAsync(
            http, StatusCodes.Status413PayloadTooLarge, $"The body exceeds {RequestLimits.MaxRequestBytes} bytes; send fewer items at a time.");
        await http.Response.CompleteAsync();

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        using var patience = new CancellationTokenSource(LingerTime);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var left = (long)LingerBytes;
            int read;
            while (left > 0 && (read = await http.Request.Body.ReadAsync(buffer, patience.Token)) > 0)
                left -= read;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or BadHttpRequestException)
        {
            // The client went away or never stops: it has its answer.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

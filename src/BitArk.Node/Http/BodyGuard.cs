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
    /// <summary>Lets a request pass, or sets the status it is refused with; <see cref="HttpErrorShape"/> writes the answer.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var guarded = HttpMethods.IsPost(http.Request.Method)
            && !HttpProtocol.IsHttp2(http.Request.Protocol)
            && http.GetEndpoint() is not null
            && http.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase);
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
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        if (http.Request.ContentLength is not null)
        {
            await next(http);
            return;
        }

        using var whole = new MemoryStream();
        if (!await TryReadAsync(http, whole))
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        whole.Position = 0;
        var unread = http.Request.Body;
        http.Request.Body = whole;
        try
        {
            await next(http);
        }
        finally
        {
            http.Request.Body = unread;
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
}

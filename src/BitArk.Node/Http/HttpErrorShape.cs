using System.Text.Json;
using BitArk.Node.Requests;
using BitArk.Protocol;

namespace BitArk.Node.Http;

/// <summary>
/// Gives every error over HTTP the shape and status of the contract. JSON transcoding gets most of the way: it knows no 507
/// and no retry-after, refuses malformed JSON without details, and routing answers with empty bodies.
/// </summary>
internal sealed partial class HttpErrorShape(RequestDelegate next, ILogger<HttpErrorShape> logger)
{
    /// <summary>Answers one request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        // gRPC carries its errors in trailers, and the two protocols have listeners of their own.
        if (HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            if (GrpcErrorShape.Refuses(http))
                return;
            await next(http);
            GrpcErrorShape.Complete(http.Response);
            return;
        }

        var body = http.Response.Body;
        await using var gate = new ErrorBodyGate(http.Response, body);
        if (http.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase))
            http.Response.Body = gate;

        string? thrown = null;
        try
        {
            await next(http);
        }
        catch (Exception e) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            thrown = Explain(http, e);
        }
        finally
        {
            http.Response.Body = body;
        }

        if (http.Response.HasStarted || http.Response.StatusCode < StatusCodes.Status400BadRequest)
            return;

        var tooLarge = http.Response.StatusCode == StatusCodes.Status413PayloadTooLarge;
        if (tooLarge)
            LingeringClose.Announce(http);
        await AnswerAsync(http, gate.Held, thrown);
        if (tooLarge)
            await LingeringClose.DrainAsync(http);
    }

    private string Explain(HttpContext http, Exception e)
    {
        var bad = e as BadHttpRequestException;
        http.Response.StatusCode = bad?.StatusCode ?? StatusCodes.Status500InternalServerError;
        if (bad is not null)
            return bad.Message;

        LogUnexpected(e, http.Request.Method, http.Request.Path);
        return "An unexpected error occurred; the node's log has the details.";
    }

    private static Task AnswerAsync(HttpContext http, ReadOnlyMemory<byte> held, string? thrown)
    {
        var status = http.Response.StatusCode;
        if (held.Length == 0)
            return HttpErrors.WriteAsync(http, status, thrown ?? Describe(http, status));

        using var parsed = JsonDocument.Parse(held);
        if (ReasonOf(parsed.RootElement) is not { } info)
            return HttpErrors.WriteAsync(http, status, parsed.RootElement.GetProperty("message").GetString() ?? "");

        if (info.TryGetProperty("metadata", out var facts) && facts.TryGetProperty(BitArkHeaders.RetryAfter, out var seconds))
            http.Response.Headers.RetryAfter = seconds.GetString();
        return HttpErrors.WriteAsync(
            http, ErrorReason.TryParse(info.GetProperty("reason").GetString()!, out var reason) ? reason.HttpStatus : status, held);
    }

    private static JsonElement? ReasonOf(JsonElement status) =>
        status.TryGetProperty("details", out var details) && details.GetArrayLength() > 0 ? details[0] : null;

    private static string Describe(HttpContext http, int status) => status switch
    {
        StatusCodes.Status404NotFound => $"There is no route {http.Request.Method} {Echo.Of(http.Request.Path.ToString())}.",
        StatusCodes.Status405MethodNotAllowed => $"{http.Request.Method} is not allowed on {Echo.Of(http.Request.Path.ToString())}; allowed: {http.Response.Headers.Allow}.",
        StatusCodes.Status413PayloadTooLarge => $"The body exceeds {RequestLimits.MaxRequestBytes} bytes; send fewer items at a time.",
        StatusCodes.Status415UnsupportedMediaType => $"The content type must be application/json but is '{Echo.Of(http.Request.ContentType ?? "")}'.",
        _ => $"The request was refused with status {status}.",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected error in {Method} {Path}")]
    private partial void LogUnexpected(Exception e, string method, PathString path);
}

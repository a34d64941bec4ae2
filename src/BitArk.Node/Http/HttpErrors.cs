using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using BitArk.Protocol;
using Grpc.Core;

namespace BitArk.Node.Http;

/// <summary>
/// Writes the error body of the HTTP routes: <c>{"code", "message", "details": [{"@type", "reason", "domain", "metadata"}]}</c>,
/// the JSON form of <c>google.rpc.Status</c> with one <c>ErrorInfo</c>.
/// </summary>
internal static class HttpErrors
{
    private const string ErrorInfoType = "type.googleapis.com/google.rpc.ErrorInfo";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Dictionary<string, string> NoFacts = [];

    /// <summary>Answers with an error of the contract.</summary>
    public static Task WriteAsync(HttpContext http, ReadStatusError error)
    {
        if (error.Metadata.TryGetValue(BitArkHeaders.RetryAfter, out var seconds))
            http.Response.Headers.RetryAfter = seconds;
        return WriteAsync(http, error.Reason.HttpStatus, error.Reason.GrpcStatus, error.Reason.Name, error.Message, error.Metadata);
    }

    /// <summary>Answers a request that never reached an operation: a wrong route, method, content type or size.</summary>
    public static Task WriteAsync(HttpContext http, int status, string message) =>
        WriteAsync(http, status, CodeOf(status), status >= StatusCodes.Status500InternalServerError ? "INTERNAL" : ErrorReason.InvalidArgument.Name, message, NoFacts);

    private static Task WriteAsync(
        HttpContext http, int status, StatusCode code, string reason, string message, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            json.WriteNumber("code", (int)code);
            json.WriteString("message", message);
            json.WriteStartArray("details");
            json.WriteStartObject();
            json.WriteString("@type", ErrorInfoType);
            json.WriteString("reason", reason);
            json.WriteString("domain", ErrorReason.Domain);
            json.WriteStartObject("metadata");
            foreach (var (key, value) in metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return WriteAsync(http, status, buffer.WrittenMemory);
    }

    /// <summary>Answers with a finished body.</summary>
    public static Task WriteAsync(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(body).AsTask();
    }

    private static StatusCode CodeOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => StatusCode.NotFound,
        StatusCodes.Status405MethodNotAllowed => StatusCode.Unimplemented,
        StatusCodes.Status408RequestTimeout => StatusCode.Cancelled,
        >= StatusCodes.Status500InternalServerError => StatusCode.Internal,
        _ => StatusCode.InvalidArgument,
    };
}

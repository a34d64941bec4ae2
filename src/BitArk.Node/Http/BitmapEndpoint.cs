using System.Globalization;
using BitArk.Node.Requests;
using BitArk.Node.Services;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Http;

/// <summary>
/// <c>GET /v1/users/{user}/channels/{channel}/bitmap</c>: the bytes of the gRPC export in one body, the token in the header
/// <see cref="BitArkHeaders.Token"/>. Query parameters as for the read set itself: <c>namespace</c>, <c>consistency</c>, <c>token</c>.
/// </summary>
internal static class BitmapEndpoint
{
    /// <summary>The route.</summary>
    public const string Route = "/v1/users/{user}/channels/{channel}/bitmap";

    /// <summary>Answers one request.</summary>
    public static async Task HandleAsync(HttpContext http)
    {
        try
        {
            if (Read(http, out var request) is { } violation)
                throw violation.ToError().ToException();

            using var deadline = CallDeadline.Of(http, whenUnstated: null);
            var service = http.RequestServices.GetRequiredService<ReadStatusService>();
            using var export = await service.ExportAsync(request, RequestRoute.Of(http), deadline.Token);
            http.Response.ContentType = "application/octet-stream";
            http.Response.ContentLength = export.Bytes.Length;
            http.Response.Headers[BitArkHeaders.Token] = export.Token;
            await http.Response.Body.WriteAsync(export.Bytes, http.RequestAborted);
        }
        catch (RpcException e) when (ReadStatusErrors.FromException(e) is { } error)
        {
            await HttpErrors.WriteAsync(http, error);
        }
    }

    private static FieldViolation? Read(HttpContext http, out ReadStateRequest request)
    {
        var query = http.Request.Query;
        request = new ReadStateRequest { Namespace = query["namespace"].ToString(), Token = query["token"].ToString() };
        var channel = 0L;
        var violation = ReadId(http, "user", out var user);
        violation ??= ReadId(http, "channel", out channel);
        request.User = user;
        request.Channel = channel;
        if (violation is null && query["consistency"].ToString() is { Length: > 0 } name)
        {
            if (!Enum.TryParse<Consistency>(name, ignoreCase: true, out var consistency))
                return new FieldViolation("consistency", $"must be LEADER, TOKEN or ANY but is '{Echo.Of(name)}'");
            request.Consistency = consistency;
        }

        return violation;
    }

    private static FieldViolation? ReadId(HttpContext http, string name, out long id)
    {
        var text = http.Request.RouteValues[name] as string;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id)
            ? null
            : new FieldViolation(name, $"must be a number of 0 … {Ids.Max} but is '{Echo.Of(text ?? "")}'");
    }
}

using BitArk.Protocol;
using Google.Protobuf;

namespace BitArk.Node.Http;

/// <summary>
/// Gives the two refusals that gRPC's framework makes by itself the shape of the contract: a message above
/// <see cref="RequestLimits.MaxRequestBytes"/>, as sent or after decompression, and one that is none of the method's never reach a service.
/// </summary>
internal static class GrpcErrorShape
{
    /// <summary>The largest message with what gRPC puts in front of it: one byte of flags, four of length.</summary>
    public const int MaxBodyBytes = RequestLimits.MaxRequestBytes + 5;

    private const string ContentType = "application/grpc";
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private const string ResourceExhausted = "8";
    private const string Unknown = "2";

    private static readonly ReadStatusError TooLarge = new(
        ErrorReason.InvalidArgument, $"The message exceeds {RequestLimits.MaxRequestBytes} bytes; send fewer items at a time.");

    private static readonly ReadStatusError NotUnderstood = new(ErrorReason.InvalidArgument, "The message is not one that this method takes.");

    /// <summary>Refuses a call whose stated length is too large already: the server would fail the first read of its body without a reason.</summary>
    public static bool Refuses(HttpContext http)
    {
        if (http.Request.ContentLength is not > MaxBodyBytes || http.Request.ContentType?.StartsWith(ContentType, StringComparison.Ordinal) != true)
            return false;

        http.Response.ContentType = ContentType;
        Refuse(http.Response, TooLarge);
        return true;
    }

    /// <summary>Completes the answer to a call that failed before it began; others pass as they are.</summary>
    public static void Complete(HttpResponse response)
    {
        if (response.HasStarted || response.Headers.ContainsKey(BitArkHeaders.StatusDetails))
            return;

        // Every RESOURCE_EXHAUSTED of BitArk's own carries details; without them it is the framework's word on the size.
        if (response.Headers[StatusHeader] == ResourceExhausted)
            Refuse(response, TooLarge);
        else if (response.Headers[StatusHeader] == Unknown && !CallMark.IsOn(response.HttpContext))
            Refuse(response, NotUnderstood);
    }

    private static void Refuse(HttpResponse response, ReadStatusError error)
    {
        response.Headers[StatusHeader] = error.Reason.GrpcStatus.ToString("D");
        response.Headers[MessageHeader] = error.Message;
        response.Headers[BitArkHeaders.StatusDetails] = Convert.ToBase64String(error.ToStatus().ToByteArray());
    }
}

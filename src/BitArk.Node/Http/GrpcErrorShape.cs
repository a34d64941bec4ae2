using BitArk.Protocol;
using Google.Protobuf;

namespace BitArk.Node.Http;

/// <summary>
/// Gives the one refusal that gRPC's framework makes by itself the shape of the contract: a message above
/// <see cref="RequestLimits.MaxRequestBytes"/>, as sent or after decompression, never reaches a service.
/// </summary>
internal static class GrpcErrorShape
{
    /// <summary>The largest message with what gRPC puts in front of it: one byte of flags, four of length.</summary>
    public const int MaxBodyBytes = RequestLimits.MaxRequestBytes + 5;

    private const string ContentType = "application/grpc";
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private const string ResourceExhausted = "8";

    private static readonly ReadStatusError TooLarge = new(
        ErrorReason.InvalidArgument, $"The message exceeds {RequestLimits.MaxRequestBytes} bytes; send fewer items at a time.");

    private static readonly string TooLargeStatus = TooLarge.Reason.GrpcStatus.ToString("D");
    private static readonly string TooLargeDetails = Convert.ToBase64String(TooLarge.ToStatus().ToByteArray());

    /// <summary>Refuses a call whose stated length is too large already: the server would fail the first read of its body without a reason.</summary>
    public static bool Refuses(HttpContext http)
    {
        if (http.Request.ContentLength is not > MaxBodyBytes || http.Request.ContentType?.StartsWith(ContentType, StringComparison.Ordinal) != true)
            return false;

        http.Response.ContentType = ContentType;
        Refuse(http.Response);
        return true;
    }

    /// <summary>Completes the answer to a call that failed before it began; others pass as they are.</summary>
    public static void Complete(HttpResponse response)
    {
        // Every RESOURCE_EXHAUSTED of BitArk's own carries details; without them it is the framework's word on the size.
        if (response.HasStarted || response.Headers[StatusHeader] != ResourceExhausted || response.Headers.ContainsKey(BitArkHeaders.StatusDetails))
            return;

        Refuse(response);
    }

    private static void Refuse(HttpResponse response)
    {
        response.Headers[StatusHeader] = TooLargeStatus;
        response.Headers[MessageHeader] = TooLarge.Message;
        response.Headers[BitArkHeaders.StatusDetails] = TooLargeDetails;
    }
}

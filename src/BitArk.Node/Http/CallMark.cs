using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace BitArk.Node.Http;

/// <summary>
/// Notes that a call has reached its service. What fails before was not understood: the framework answers both alike, and only the client's
/// mistake is to be called one.
/// </summary>
internal sealed class CallMark : Interceptor
{
    private static readonly CallMark Arrived = new();

    /// <summary>Whether the call's message was read.</summary>
    public static bool IsOn(HttpContext http) => http.Features.Get<CallMark>() is not null;

    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        context.GetHttpContext().Features.Set(Arrived);
        return continuation(request, context);
    }

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        context.GetHttpContext().Features.Set(Arrived);
        return continuation(request, responseStream, context);
    }
}

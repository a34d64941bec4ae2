using System.Globalization;
using BitArk.Node.Requests;
using BitArk.Protocol;
using Grpc.Core;

namespace BitArk.Node.Services;

/// <summary>
/// Until when a caller waits: gRPC's own deadline, else the header <see cref="BitArkHeaders.TimeoutMilliseconds"/>, else
/// <see cref="RequestLimits.DefaultDeadline"/>. Cancelling means that the caller has gone, never that a write was undone.
/// </summary>
internal readonly struct CallDeadline : IDisposable
{
    private readonly CancellationTokenSource? _timer;

    private CallDeadline(CancellationToken token) => Token = token;

    private CallDeadline(CancellationTokenSource timer)
    {
        _timer = timer;
        Token = timer.Token;
    }

    /// <summary>Cancelled when the deadline has passed.</summary>
    public CancellationToken Token { get; }

    /// <summary>The deadline of a call that came through gRPC or through JSON transcoding.</summary>
    /// <param name="context">The call.</param>
    /// <param name="whenUnstated">What applies when the client states none; null: as long as the client stays connected.</param>
    /// <exception cref="RpcException">The header is not a number of milliseconds.</exception>
    public static CallDeadline Of(ServerCallContext context, TimeSpan? whenUnstated) =>
        context.Deadline != DateTime.MaxValue ? new CallDeadline(context.CancellationToken) : Of(context.GetHttpContext(), whenUnstated);

    /// <summary>The deadline of a plain HTTP request.</summary>
    /// <exception cref="RpcException">The header is not a number of milliseconds.</exception>
    public static CallDeadline Of(HttpContext http, TimeSpan? whenUnstated)
    {
        var timeout = whenUnstated;
        if (http.Request.Headers.TryGetValue(BitArkHeaders.TimeoutMilliseconds, out var stated))
        {
            if (!int.TryParse(stated, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds < 1)
                throw ReadStatusError.Invalid(BitArkHeaders.TimeoutMilliseconds, $"must be 1 … {int.MaxValue} but is '{Echo.Of(stated.ToString())}'").ToException();
            timeout = TimeSpan.FromMilliseconds(milliseconds);
        }

        return timeout is { } bound
            ? new CallDeadline(new CancellationTokenSource(bound, http.RequestServices.GetRequiredService<TimeProvider>()))
            : new CallDeadline(http.RequestAborted);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();
}

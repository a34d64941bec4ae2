using BitArk.Cli.Terminal;
using Grpc.Core;

namespace BitArk.Cli.Nodes;

/// <summary>Makes calls that may be repeated, and repeats them while the node is away, within the bounds of <see cref="AwayLimit"/>.</summary>
internal sealed class RepeatedCalls(AwayLimit away, Backoff backoff, TimeProvider time)
{
    /// <summary>The deadline of one attempt.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The options of one attempt that starts now.</summary>
    public static CallOptions Attempt(TimeProvider time, CancellationToken cancellation) =>
        new(deadline: (time.GetUtcNow() + AttemptTimeout).UtcDateTime, cancellationToken: cancellation);

    /// <summary>Calls until it is answered.</summary>
    /// <exception cref="CliException">It was refused, or the node was away for too long.</exception>
    public async Task<T> CallAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await call(Attempt(time, cancellation)).ResponseAsync.ConfigureAwait(false);
                away.Succeeded();
                return answer;
            }
            catch (RpcException failure) when (!cancellation.IsCancellationRequested)
            {
                if (!CallFailure.MayRepeat(failure))
                {
                    throw new CliException(ExitCode.DamageFound, $"the node refuses: {CallFailure.Describe(failure)}", failure);
                }

                away.Failed(CallFailure.Describe(failure));
            }
            catch (RpcException failure) when (failure.StatusCode == StatusCode.Cancelled)
            {
                throw new OperationCanceledException(failure.Message, failure, cancellation);
            }

            await Task.Delay(backoff.After(attempt), time, cancellation).ConfigureAwait(false);
        }
    }
}

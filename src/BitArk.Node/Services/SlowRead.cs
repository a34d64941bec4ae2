using BitArk.Cluster;
using BitArk.Protocol;

namespace BitArk.Node.Services;

/// <summary>
/// A look-up usually has its answer at once. One that the writer overtook waits for the writer, and must not do so for
/// longer than its caller; one that travels, or asks a majority, ends by itself. Only these cost anything.
/// </summary>
internal static class SlowRead
{
    /// <summary>The answer, within the deadline.</summary>
    /// <exception cref="Grpc.Core.RpcException">REPLICA_BEHIND: it did not come in time; or what keeps the partition from answering.</exception>
    public static ValueTask<T> WithinAsync<T>(this ValueTask<T> look, IPartitionReads reads, IPartition partition, CancellationToken deadline) =>
        look.IsCompletedSuccessfully ? look : AnswerAsync(reads.EndsInTime ? look.AsTask() : look.AsTask().WaitAsync(deadline), partition);

    /// <summary>The end of the look-up, within the deadline.</summary>
    /// <exception cref="Grpc.Core.RpcException">As above.</exception>
    public static ValueTask WithinAsync(this ValueTask look, IPartitionReads reads, IPartition partition, CancellationToken deadline) =>
        look.IsCompletedSuccessfully ? look : new ValueTask(new ValueTask<bool>(AsResult(look)).WithinAsync(reads, partition, deadline).AsTask());

    private static async ValueTask<T> AnswerAsync<T>(Task<T> look, IPartition partition)
    {
        try
        {
            return await look.ConfigureAwait(false);
        }
        catch (ReadRefusedException e)
        {
            throw ReadErrors.From(e.Refusal, partition.Id).ToException();
        }
        catch (OperationCanceledException)
        {
            throw (PhaseErrors.From(partition.Phase, partition.Id) ?? NotInTime(partition.Id)).ToException();
        }
        catch (Exception) when (PhaseErrors.From(partition.Phase, partition.Id) is { } error)
        {
            throw error.ToException();
        }
    }

    private static async Task<bool> AsResult(ValueTask look)
    {
        await look.ConfigureAwait(false);
        return true;
    }

    private static ReadStatusError NotInTime(PartitionId partition) => new(
        ErrorReason.ReplicaBehind,
        $"Partition {partition} was too busy to answer within the deadline. Try again.",
        "partition",
        partition.ToString());
}

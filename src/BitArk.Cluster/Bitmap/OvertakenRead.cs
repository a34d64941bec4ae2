using BitArk.Storage.Replica;

namespace BitArk.Cluster.Bitmap;

/// <summary>One look-up to be done on the writer's thread, and the reader's task.</summary>
internal sealed class OvertakenRead<T>(Func<PartitionState, T> look) : BitmapProtocol.Overtaken
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _answer.Task;

    public override void Answer(PartitionState state)
    {
        try
        {
            _answer.TrySetResult(look(state));
        }
        catch (Exception e)
        {
            // The reader's failure, not the writer's.
            _answer.TrySetException(e);
        }
    }

    public override void Fail(string reason) => _answer.TrySetException(new ReadRefusedException(new ReadRefusal.StorageFailed()));
}

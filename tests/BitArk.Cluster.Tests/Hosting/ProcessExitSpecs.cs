using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Hosting;

public sealed class ProcessExitSpecs
{
    [Fact]
    public async Task Should_end_hard_when_the_exit_of_the_runtime_does_not_return()
    {
        var gate = new Gate();
        var ended = new TaskCompletionSource();
        var exit = new ProcessExit(TimeSpan.FromMilliseconds(1), _ => gate.Pass(), _ => ended.SetResult());

        exit.ExitWithin(TimeSpan.FromMilliseconds(1));

        await gate.Reached;
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));
        gate.Open();
    }
}

using BitArk.Cluster.Tests.Support;
using BitArk.Storage.Disk;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BitArk.Cluster.Tests.Hosting;

public sealed class HostSpecs : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("bitark-host-");
    private readonly ScriptedDisk _disk = new();
    private readonly RecordedExit _exit = new();
    private readonly RecordedLog _log = new();

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task Should_serve_and_stop_gracefully_when_hosted()
    {
        using (var host = Host())
        {
            await StartAsync(host);
            await Node(host).Partitions[0].CommitAsync(Words.Mark(1, 5));
            await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
            Assert.IsType<PartitionPhase.Stopping>(Node(host).Partitions[0].Phase);
        }

        using (var again = Host())
        {
            await StartAsync(again);
            Assert.True(await Node(again).Partitions[0].IsReadAsync(5));
            await again.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
        }

        Assert.Null(_exit.Code);
    }

    [Fact]
    public async Task Should_end_the_process_non_zero_with_one_clear_line_when_the_disk_fails()
    {
        using var host = Host();
        await StartAsync(host);
        var stopping = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

        TimeSpan? armedBeforeLogging = null;
        _log.BeforeCritical = () => armedBeforeLogging = _exit.Bound;

        _disk.Fail("fdatasync", ScriptedDisk.Log);
        Assert.IsType<WriteOutcome.OutcomeUnknown>(await Node(host).Partitions[0].WriteAsync(Words.Mark(1, 1)));

        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(NodeFailure.ExitCode, _exit.Code);
        Assert.InRange(_exit.Bound!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.NotNull(armedBeforeLogging);
        var line = Assert.Single(_log.Critical);
        Assert.Contains("partition 0", line, StringComparison.Ordinal);
        Assert.Contains("fdatasync", line, StringComparison.Ordinal);
        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Should_refuse_to_start_when_another_node_holds_the_directory()
    {
        using var first = Host();
        await StartAsync(first);
        using var second = Host();
        await Assert.ThrowsAsync<NodeStartException>(() => second.StartAsync());
        await first.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    private IHost Host()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.Services.AddSingleton<IDisk>(_disk);
        builder.Services.AddSingleton<IProcessExit>(_exit);
        builder.Services.AddBitArk(SettingsLoader.FromHocon($"bitark {{ data-dir = \"{_root.FullName}/data\", wal {{ segment-bytes = 64 KiB, disk-floor-bytes = 0 }} }}"));
        return builder.Build();
    }

    private static async Task StartAsync(IHost host)
    {
        await host.StartAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await host.Services.GetRequiredService<BitArkNode>().WhenServingAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static IReadStatusNode Node(IHost host) => host.Services.GetRequiredService<IReadStatusNode>();
}

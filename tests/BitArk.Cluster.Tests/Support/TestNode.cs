using BitArk.Storage.Disk;

namespace BitArk.Cluster.Tests.Support;

/// <summary>A node over real files in a directory of its own, small in every dimension, that can be stopped and started again.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("bitark-node-");
    private readonly string _extra;
    private readonly IDisk? _disk;
    private readonly TimeProvider? _time;

    private TestNode(string extra, IDisk? disk, TimeProvider? time) => (_extra, _disk, _time) = (extra, disk, time);

    public BitArkNode Node { get; private set; } = null!;

    public IPartition Partition => Node.Partitions[0];

    public string DataDirectory => Path.Combine(_root.FullName, "data");

    public BitArkSettings Settings => SettingsLoader.FromHocon(
        $$"""
        bitark {
          data-dir = "{{DataDirectory}}"
          wal { segment-bytes = 64 KiB, disk-floor-bytes = 0 }
          sessions { window = 8, max-bytes = 256 KiB }
        }
        akka.loglevel = WARNING
        akka.loggers = ["Akka.Event.TraceLogger, Akka"]
        {{_extra}}
        """);

    public static async Task<TestNode> StartAsync(string extra = "", IDisk? disk = null, TimeProvider? time = null)
    {
        var test = new TestNode(extra, disk, time);
        await test.StartAgainAsync();
        return test;
    }

    public async Task StartAgainAsync() => Node = await BitArkNode.StartAsync(Settings, _disk, _time).WaitAsync(TimeSpan.FromSeconds(20));

    public async Task RestartAsync()
    {
        await Node.DisposeAsync();
        await StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        _root.Delete(recursive: true);
    }
}

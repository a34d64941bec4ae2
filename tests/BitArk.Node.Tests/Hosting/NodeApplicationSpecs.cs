using BitArk.Cluster;
using BitArk.Node.Hosting;
using BitArk.Node.Tests.Model;
using BitArk.Storage.Disk;
using Microsoft.Extensions.DependencyInjection;

namespace BitArk.Node.Tests.Hosting;

public sealed class NodeApplicationSpecs : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task Should_meter_the_disk_it_was_given_when_there_is_one()
    {
        var given = new CountingDisk();
        var settings = SettingsLoader.FromHocon($"bitark {{ http.port = -1, grpc.port = -1, data-dir = \"{_data.FullPath}\" }}");
        await using var app = NodeApplication.Build(settings, services => services
            .AddSingleton<IReadStatusNode>(new ModelNode())
            .AddSingleton<IDisk>(given));

        app.Services.GetRequiredService<IDisk>().FileExists("any");

        Assert.Equal(1, given.Calls);
    }

    [Fact]
    public async Task Should_leave_no_ports_file_behind_that_names_another_process()
    {
        var file = Path.Combine(_data.FullPath, PortsFile.Name);
        await File.WriteAllTextAsync(file, "http=1\ngrpc=2\npid=1\n");
        using var node = EndToEnd.NodeUnderTest.Start(_data.FullPath);
        await node.WhenReadyAsync();
        var own = await File.ReadAllTextAsync(file);
        await node.TerminateAsync();

        Assert.DoesNotContain("pid=1\n", own, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Should_serve_all_the_same_when_the_ports_file_cannot_be_written()
    {
        Directory.CreateDirectory(Path.Combine(_data.FullPath, PortsFile.Name));
        using var node = EndToEnd.NodeUnderTest.Start(_data.FullPath);

        Assert.Contains(" ready: ", await node.WhenReadyAsync(), StringComparison.Ordinal);
        Assert.Equal(NodeProcess.Ok, await node.TerminateAsync());
    }

    public void Dispose() => _data.Dispose();

    private sealed class CountingDisk : IDisk
    {
        private readonly PosixDisk _disk = PosixDisk.Instance;

        public int Calls { get; private set; }

        public IDiskFile Open(string path, DiskOpenMode mode) => _disk.Open(path, mode);

        public bool FileExists(string path)
        {
            Calls++;
            return _disk.FileExists(path);
        }

        public IReadOnlyList<string> ListFiles(string directory) => _disk.ListFiles(directory);

        public bool DirectoryExists(string path) => _disk.DirectoryExists(path);

        public void CreateDirectory(string directory) => _disk.CreateDirectory(directory);

        public void Rename(string from, string to) => _disk.Rename(from, to);

        public void Delete(string path) => _disk.Delete(path);

        public void SyncDirectory(string directory) => _disk.SyncDirectory(directory);

        public long FreeBytes(string directory) => _disk.FreeBytes(directory);

        public IDisposable Lock(string path) => _disk.Lock(path);
    }
}

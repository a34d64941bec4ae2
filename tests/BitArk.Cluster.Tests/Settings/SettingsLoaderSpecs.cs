using System.Net;

namespace BitArk.Cluster.Tests.Settings;

public sealed class SettingsLoaderSpecs : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bitark-settings-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Should_let_the_later_source_win_when_files_and_values_alternate()
    {
        var first = WriteFile("first.conf", "bitark { node-name = first, http.port = 1000, grpc.port = 1001 }");
        var second = WriteFile("second.conf", "bitark.node-name = second");

        var settings = SettingsLoader.FromArguments(["--config", first, "--set", "bitark.http.port=2000", $"--config={second}", "--set=bitark.grpc.port=-1"]);

        Assert.Equal("second", settings.NodeName);
        Assert.Equal(2000, settings.Listeners.HttpPort);
        Assert.Equal(ListenerSettings.AnyFreePort, settings.Listeners.GrpcPort);
    }

    [Theory]
    [InlineData("bitark.http.allowed-hosts = [read.example, \"10.1.2.3\"]")]
    [InlineData("bitark { http { allowed-hosts = [ read.example, 10.1.2.3 ] } }")]
    [InlineData("bitark.http.allowed-hosts = [\n  read.example\n  10.1.2.3\n] # both")]
    public void Should_read_a_list_however_it_is_laid_out(string hocon) =>
        Assert.Equal(["read.example", "10.1.2.3"], SettingsLoader.FromHocon(hocon).Listeners.AllowedHosts);

    [Fact]
    public void Should_let_a_file_win_when_it_follows_a_value()
    {
        var file = WriteFile("a.conf", "bitark.partitions = 8");
        Assert.Equal(8, SettingsLoader.FromArguments(["--set", "bitark.partitions=4", "--config", file]).Partitions);
    }

    [Fact]
    public void Should_name_the_file_when_a_key_in_it_is_unknown()
    {
        var file = WriteFile("typo.conf", "bitark.walls = 1");
        Assert.Contains(file, Assert.Throws<SettingsException>(() => SettingsLoader.FromArguments(["--config", file])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_keep_the_default_namespace_when_others_are_added()
    {
        var settings = SettingsLoader.FromHocon("bitark.namespaces { shop = 7, \"news.eu\" = 8 }");
        Assert.Equal(new NamespaceId(0), settings.Namespaces["default"]);
        Assert.Equal(new NamespaceId(7), settings.Namespaces["shop"]);
        Assert.Equal(new NamespaceId(8), settings.Namespaces["news.eu"]);
    }

    [Fact]
    public void Should_read_values_with_units_when_they_are_written_in_other_ways()
    {
        var settings = SettingsLoader.FromHocon(
            """
            bitark {
              wal { segment-bytes = 131072, max-batch-bytes = 64k, disk-floor-bytes = 1.5 GB }
              snapshot.every = 90s
              memory.max-bytes = 2GiB
            }
            """);
        Assert.Equal(new WalSettings(131072, 65536, 1_500_000_000), settings.Wal);
        Assert.Equal(TimeSpan.FromSeconds(90), settings.Snapshot.Every);
        Assert.Equal(2L << 30, settings.Memory.MaxBytes);
    }

    [Fact]
    public void Should_read_a_list_when_its_section_ends_on_the_same_line()
    {
        var settings = SettingsLoader.FromHocon("""bitark { cluster { expected-nodes = 2, seed-nodes = ["a:1", "b:2"] } }""");
        Assert.Equal(["a:1", "b:2"], settings.Cluster.SeedNodes);
    }

    [Fact]
    public void Should_listen_anywhere_when_that_is_allowed_by_name()
    {
        var settings = SettingsLoader.FromArguments(["--set", "bitark.bind=0.0.0.0", "--set", "bitark.allow-insecure-bind=on"]);
        Assert.Equal(IPAddress.Any, settings.Listeners.Bind);
    }

    // Of each HOCON without quotes would make something else: a comment, an error, an escape.
    [Theory]
    [InlineData("//var//lib/bitark")]
    [InlineData("/var/lib//bitark")]
    [InlineData("/data/bitark#2")]
    [InlineData("/data/a=b")]
    [InlineData("/data/a:b")]
    [InlineData("/data/a,b")]
    [InlineData("/data/{x}")]
    [InlineData("/data/ä $HOME")]
    [InlineData("/data/${x}")]
    [InlineData("/data/say \"hi\"")]
    [InlineData("C:\\data\\new")]
    [InlineData("/data/two\nlines\tand a tab")]
    public void Should_take_a_value_as_it_is_when_it_is_set(string path)
    {
        Assert.Equal(path, SettingsLoader.FromArguments(["--set", $"bitark.data-dir={path}"]).DataDirectory);
        Assert.Equal(path, SettingsLoader.FromArguments(["--set", $"bitark.data-dir= {path} "]).DataDirectory);
    }

    [Fact]
    public void Should_read_a_value_as_hocon_when_it_begins_as_a_list_an_object_a_string_or_a_substitution()
    {
        var settings = SettingsLoader.FromArguments(
        [
            "--set", "bitark.http.allowed-hosts=[read.example, \"10.1.2.3\"]",
            "--set", "bitark.namespaces={ shop = 7 }",
            "--set", "bitark.data-dir=\"/data//x\"",
            "--set", "bitark.http.port=80",
            "--set", "bitark.bind=::1",
        ]);
        Assert.Equal(["read.example", "10.1.2.3"], settings.Listeners.AllowedHosts);
        Assert.Equal(new NamespaceId(7), settings.Namespaces["shop"]);
        Assert.Equal("/data//x", settings.DataDirectory);
        Assert.Equal((80, IPAddress.IPv6Loopback), (settings.Listeners.HttpPort, settings.Listeners.Bind));
    }

    [Fact]
    public void Should_pass_keys_of_akka_through_when_they_are_set()
    {
        var settings = SettingsLoader.FromArguments(["--set", "akka.loglevel=DEBUG", "--set", "bitark.dispatchers.wal.throughput=5"]);
        Assert.Equal("DEBUG", settings.Hocon.GetString("akka.loglevel", ""));
        Assert.Equal(5, settings.Hocon.GetInt("bitark.dispatchers.wal.throughput", 0));
    }

    private string WriteFile(string name, string hocon)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, hocon);
        return path;
    }
}

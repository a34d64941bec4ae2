using System.Text.RegularExpressions;
using BitArk.Cluster;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace BitArk.Node.Tests.Deployment;

/// <summary>The example deployments say what the node understands, and their nodes fit each other.</summary>
public sealed partial class ThreeNodesSpecs
{
    private static readonly string[] Names = ["node1", "node2", "node3"];

    // What only a cluster may have is looked at apart: the rest must hold for a single node, too.
    private static readonly string[] Alone =
        ["--set", "bitark.replication-factor=1", "--set", "bitark.cluster.expected-nodes=1", "--set", "bitark.cluster.seed-nodes=[]"];

    private static readonly string[] FixedKeys =
        ["bitark.partitions", "bitark.replication-factor", "bitark.commit-rule", "bitark.cluster.expected-nodes", "bitark.cluster.seed-nodes"];

    [Fact]
    public void Should_be_three_nodes_of_one_cluster_on_ports_of_their_own_when_the_configurations_are_loaded()
    {
        var nodes = Names.Select(name => Load("--config", RepositoryFile.Path("hocon", $"cluster-{name}.conf"))).ToArray();

        AssertFit(nodes);
        Assert.Equal([8080, 8180, 8280], nodes.Select(node => node.Settings.Listeners.HttpPort));
        Assert.Equal([8081, 8181, 8281], nodes.Select(node => node.Settings.Listeners.GrpcPort));
        Assert.Equal([6390, 6490, 6590], nodes.Select(node => node.Settings.Listeners.RespPort));
        var remote = nodes.Select(node => node.Settings.Hocon.GetInt("akka.remote.dot-netty.tcp.port")).ToArray();
        Assert.Equal(nodes[0].Hocon.GetStringList("bitark.cluster.seed-nodes"), remote.Select(port => $"127.0.0.1:{port}"));
        Assert.Equal(3, nodes.Select(node => node.Settings.DataDirectory).Distinct().Count());
    }

    [Fact]
    public void Should_be_three_nodes_of_one_private_network_when_the_compose_file_is_read()
    {
        var compose = Compose();
        var docker = File.ReadAllText(RepositoryFile.Path("docker", "Dockerfile"));
        var entry = EntryPoint().Match(docker).Groups["arguments"].Value.Split(',').Select(part => part.Trim().Trim('"')).Skip(2).ToArray();
        var mount = VolumeLine().Match(docker).Groups["path"].Value;
        var exposed = ExposeLine().Match(docker).Groups["ports"].Value.Split(' ');
        var services = (Dictionary<object, object>)compose["services"];
        Assert.Equal(Names, services.Keys);

        var nodes = services.Select(service => Load([.. entry, .. Texts(Of(service.Value, "command"))])).ToArray();
        AssertFit(nodes);
        var addresses = services.Values.Select(service => (string)Of(Of(Of(service, "networks"), "private"), "ipv4_address")).ToArray();
        Assert.Equal(addresses, nodes.Select(node => node.Settings.Listeners.Bind.ToString()));
        Assert.Equal(nodes[0].Hocon.GetStringList("bitark.cluster.seed-nodes"), addresses.Select(address => $"{address}:4053"));
        Assert.All(nodes, node => Assert.Equal((mount, true), (node.Settings.DataDirectory, node.Settings.Listeners.AllowInsecureBind)));
        foreach (var (name, service) in services)
        {
            Assert.Equal([$"{name}:{mount}"], Texts(Of(service, "volumes")));
            Assert.All(Texts(Of(service, "ports")), port => Assert.True(port.StartsWith("127.0.0.1:", StringComparison.Ordinal) && exposed.Contains(port.Split(':')[2])));
            Assert.True(File.Exists(RepositoryFile.Path("docker", (string)Of(Of(service, "build"), "context"), (string)Of(Of(service, "build"), "dockerfile"))));
        }
    }

    private static void AssertFit((BitArkSettings Settings, Akka.Configuration.Config Hocon)[] nodes)
    {
        Assert.Equal(Names, nodes.Select(node => node.Settings.NodeName));
        Assert.All(FixedKeys, key => Assert.Single(nodes.Select(node => node.Hocon.GetValue(key).ToString()).Distinct()));
        Assert.All(nodes, node => Assert.Equal((3, 3), (node.Hocon.GetInt("bitark.replication-factor"), node.Hocon.GetInt("bitark.cluster.expected-nodes"))));
    }

    // The loader refuses unknown keys and bad values; what it is told for a cluster is read beside it.
    private static (BitArkSettings Settings, Akka.Configuration.Config Hocon) Load(params string[] arguments)
    {
        var hocon = Akka.Configuration.ConfigurationFactory.Empty;
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var text = arguments[i] == "--config" ? File.ReadAllText(arguments[i + 1]) : arguments[i + 1];
            hocon = Akka.Configuration.ConfigurationFactory.ParseString(text).WithFallback(hocon);
        }

        var settings = SettingsLoader.FromArguments([.. arguments, .. Alone]);
        return (settings, hocon.WithFallback(settings.Hocon));
    }

    private static Dictionary<string, object> Compose()
    {
        using var reader = File.OpenText(RepositoryFile.Path("docker", "compose.yaml"));
        return new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(reader)));
    }

    private static object Of(object map, string key) => ((Dictionary<object, object>)map)[key];

    private static IEnumerable<string> Texts(object list) => ((List<object>)list).Cast<string>();

    [GeneratedRegex(@"ENTRYPOINT \[(?<arguments>.*)\]")]
    private static partial Regex EntryPoint();

    [GeneratedRegex(@"^VOLUME (?<path>\S+)", RegexOptions.Multiline)]
    private static partial Regex VolumeLine();

    [GeneratedRegex(@"^EXPOSE (?<ports>[\d ]+)", RegexOptions.Multiline)]
    private static partial Regex ExposeLine();
}

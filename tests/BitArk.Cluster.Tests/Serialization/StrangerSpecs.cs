using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using BitArk.Cluster.Membership;
using BitArk.Cluster.Serialization;
using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Serialization;

/// <summary>An ActorSystem that speaks Akka.Remote, but not BitArk: nothing it sends changes anything.</summary>
public sealed class StrangerSpecs : IAsyncLifetime, IDisposable
{
    private readonly ClusterFixture _cluster = new(expectedNodes: 2, replicationFactor: 2);
    private ActorSystem? _stranger;

    // Ended by DisposeAsync.
    public void Dispose() => _stranger?.Dispose();

    public Task InitializeAsync()
    {
        _cluster.Start("node1");
        _stranger = ActorSystem.Create("stranger", ConfigurationFactory.ParseString(
            $$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor {
                provider = remote
                serialization-settings.allow-unregistered-types = on
                serializers.forged = "{{typeof(ForgingSerializer).AssemblyQualifiedName}}"
                serializers.unknown = "{{typeof(UnknownSerializer).AssemblyQualifiedName}}"
                serialization-bindings {
                  "{{typeof(Forged).AssemblyQualifiedName}}" = forged
                  "{{typeof(Unknown).AssemblyQualifiedName}}" = unknown
                }
              }
              remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0, applied-adapters = ["trttl"], maximum-frame-size = 4194304b }
            }
            """));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stranger!.Terminate();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Should_read_no_type_name_when_a_stranger_sends_json()
    {
        Planted.Instances = 0;
        await RefusedAsync(WireRefusal.UnregisteredType, new Planted("x"), "JSON type names");
        Assert.Equal(0, Planted.Instances - 1);
    }

    [Fact]
    public async Task Should_drop_the_message_when_its_serializer_is_unknown() => await LoggedAsync(new Unknown(), "4799");

    [Fact]
    public async Task Should_refuse_when_the_manifest_is_unknown() =>
        await RefusedAsync(WireRefusal.UnknownManifest, new Forged("no such\nmessage", [1, 2, 3]), "'no such?message'");

    [Fact]
    public async Task Should_refuse_when_the_bytes_are_not_what_the_manifest_says() =>
        await RefusedAsync(WireRefusal.BadBytes, new Forged(NodeHelloCodec.Manifest, new byte[100]), "A hello of 100 bytes is damaged");

    [Fact]
    public async Task Should_ignore_a_well_formed_hello_when_its_sender_is_no_member()
    {
        var own = new OwnFacts(SettingsLoader.FromHocon("bitark { node-name = node2, replication-factor = 2, cluster.expected-nodes = 2 }"));
        var hello = own.ToHello(1, 1);
        var bytes = new byte[NodeHelloCodec.SizeOf(hello)];
        NodeHelloCodec.Write(hello, bytes);
        var before = WireCounters.Of(WireRefusal.UnknownSender);
        await SendAsync(new Forged(NodeHelloCodec.Manifest, bytes));
        await Eventually.HoldsAsync(() => WireCounters.Of(WireRefusal.UnknownSender) > before, "the hello was counted");
        await StillAloneAsync();
    }

    [Fact]
    public async Task Should_close_the_connection_but_live_when_a_frame_is_too_large() =>
        await LoggedAsync(new Forged(NodeHelloCodec.Manifest, new byte[2 << 20]), "exceeds");

    private async Task RefusedAsync(WireRefusal refusal, object message, string logged)
    {
        var before = WireCounters.Of(refusal);
        await LoggedAsync(message, logged);
        Assert.True(WireCounters.Of(refusal) > before);
    }

    private async Task LoggedAsync(object message, string logged)
    {
        await SendAsync(message);
        var warnings = _cluster["node1"].Warnings;
        await Eventually.HoldsAsync(() => warnings.Any(line => line.Contains(logged, StringComparison.OrdinalIgnoreCase)), $"a line said '{logged}': {string.Join(" | ", warnings)}");
        await StillAloneAsync();
    }

    private async Task SendAsync(object message)
    {
        await Eventually.HoldsAsync(() => _cluster["node1"].Node.Directory.Nodes.Count == 1, "the node has joined itself");
        _stranger!.ActorSelection(new RootActorPath(_cluster["node1"].Address) / "user" / MembershipProtocol.ActorName).Tell(message);
    }

    // The node goes on: another one joins it, and they become a cluster.
    private async Task StillAloneAsync()
    {
        Assert.Equal("waiting for nodes: have node1; want 2", _cluster["node1"].Waits);
        _cluster.Start("node2");
        await _cluster.WhenFormedAsync("node1", "node2");
    }

    internal sealed record Forged(string Manifest, byte[] Bytes);

    internal sealed record Unknown;

    internal sealed class Planted
    {
        public Planted(string text)
        {
            Text = text;
            Instances++;
        }

        public static int Instances { get; set; }

        public string Text { get; }
    }

    internal sealed class ForgingSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => WireBindings.MembershipId;

        public override string Manifest(object o) => ((Forged)o).Manifest;

        public override byte[] ToBinary(object obj) => ((Forged)obj).Bytes;

        public override object FromBinary(byte[] bytes, string manifest) => throw new NotSupportedException();
    }

    internal sealed class UnknownSerializer(ExtendedActorSystem system) : Serializer(system)
    {
        public override int Identifier => 4799;

        public override bool IncludeManifest => false;

        public override byte[] ToBinary(object obj) => [1];

        public override object FromBinary(byte[] bytes, Type type) => throw new NotSupportedException();
    }
}

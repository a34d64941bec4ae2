using Akka.Actor;
using Akka.TestKit.Xunit2;
using BitArk.Cluster.Creation;
using BitArk.Cluster.Membership;
using BitArk.Cluster.Serialization;
using BitArk.Cluster.Tests.Creation;

namespace BitArk.Cluster.Tests.Serialization;

public sealed class WireBindingsSpecs : TestKit
{
    public WireBindingsSpecs()
        : base(AkkaSettings.Of(SettingsLoader.FromHocon("bitark { replication-factor = 2, cluster.expected-nodes = 2 }\nakka.remote.dot-netty.tcp.port = 0")))
    {
    }

    [Fact]
    public void Should_come_back_equal_when_a_hello_is_serialized()
    {
        var hello = new NodeHello(new NodeId("node1"), 1, 2, Guid.NewGuid(), "a:1", "0.1.0", 3, Layouts.Terms, Layouts.Three(Layouts.A, LayoutStage.Created));
        var serializer = Assert.IsType<MembershipSerializer>(Sys.Serialization.FindSerializerFor(hello));
        Assert.Equal(hello, Sys.Serialization.Deserialize(Sys.Serialization.Serialize(hello), serializer.Identifier, serializer.Manifest(hello)));
    }

    [Fact]
    public void Should_say_which_type_when_it_has_no_serializer()
    {
        var before = WireCounters.Of(WireRefusal.UnregisteredType);
        var error = Assert.Throws<WireException>(() => Sys.Serialization.FindSerializerFor(new Version(1, 0)).ToBinary(new Version(1, 0)));
        Assert.Contains("System.Version", error.Message, StringComparison.Ordinal);
        Assert.Equal(before + 1, WireCounters.Of(WireRefusal.UnregisteredType));
    }

    [Fact]
    public void Should_refuse_what_comes_under_the_number_of_json()
    {
        const string Gadget = """{"$type":"System.Diagnostics.ProcessStartInfo, System","FileName":"sh"}""";
        Assert.Throws<WireException>(() => Sys.Serialization.Deserialize(System.Text.Encoding.UTF8.GetBytes(Gadget), 1, typeof(object)));
        Assert.Throws<WireException>(() => Sys.Serialization.Deserialize(System.Text.Encoding.UTF8.GetBytes(Gadget), 1, typeof(object).AssemblyQualifiedName!));
    }

    [Fact]
    public void Should_refuse_to_write_when_a_message_does_not_fit_a_frame()
    {
        var before = WireCounters.Of(WireRefusal.Oversized);
        var serializer = new HugeSerializer((ExtendedActorSystem)Sys);
        Assert.Equal(WireRefusal.Oversized, Assert.Throws<WireException>(() => serializer.ToBinary(WireLimits.MaxPayloadBytes + 1)).Refusal);
        Assert.Equal(WireLimits.MaxPayloadBytes, serializer.ToBinary(WireLimits.MaxPayloadBytes).Length);
        Assert.Equal(WireRefusal.Oversized, Assert.Throws<WireException>(() => serializer.FromBinary(new byte[WireLimits.MaxPayloadBytes + 1], "x")).Refusal);
        Assert.Equal(before + 2, WireCounters.Of(WireRefusal.Oversized));
    }

    private sealed class HugeSerializer(ExtendedActorSystem system) : WireSerializer(system)
    {
        public override int Identifier => 4798;

        public override string Manifest(object o) => "huge";

        protected override int SizeOf(object message) => (int)message;

        protected override void Write(object message, Span<byte> into) => into.Clear();

        protected override object Read(byte[] bytes, string manifest) => bytes;
    }
}

using System.Runtime.Serialization;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using BitArk.Cluster.Creation;
using BitArk.Cluster.Failover;
using BitArk.Cluster.Membership;
using BitArk.Cluster.Serialization;
using BitArk.Cluster.Tests.Creation;
using BitArk.Replication.Messages;
using BitArk.Replication.Tests.Messages;

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
    public void Should_come_back_equal_when_a_view_of_an_island_is_serialized()
    {
        var view = new IslandView(1, Layouts.A, new IslandId("10.0.0.1", 4053, 7), 2, IsAnswer: true);
        var serializer = Assert.IsType<MembershipSerializer>(Sys.Serialization.FindSerializerFor(view));
        Assert.Equal(view, Sys.Serialization.Deserialize(Sys.Serialization.Serialize(view), serializer.Identifier, serializer.Manifest(view)));
        Assert.Equal(WireRefusal.BadBytes, Assert.Throws<WireException>(() => serializer.FromBinary([1, 2], IslandViewCodec.Manifest)).Refusal);
    }

    [Fact]
    public void Should_come_back_equal_when_any_message_of_replication_is_serialized()
    {
        var types = typeof(ReplicationMessage).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ReplicationMessage)) && !type.IsAbstract);
        Assert.Equal(types.OrderBy(type => type.Name), Samples.ByManifest.Values.Select(sample => sample.GetType()).OrderBy(type => type.Name));
        foreach (var sample in Samples.ByManifest.Values)
        {
            WireIdentity.Of(Sys).Cluster = sample.Cluster;
            var serializer = Assert.IsType<ReplicationSerializer>(Sys.Serialization.FindSerializerFor(sample));
            var read = (ReplicationMessage)Sys.Serialization.Deserialize(Sys.Serialization.Serialize(sample), serializer.Identifier, serializer.Manifest(sample));
            if (sample is ReplicateBatch batch && read is ReplicateBatch readBatch)
            {
                Assert.Equal(batch.Bytes.ToArray(), readBatch.Bytes.ToArray());
                read = readBatch with { Bytes = batch.Bytes };
            }

            Assert.Equal(sample, read);
        }
    }

    [Fact]
    public void Should_have_a_serializer_for_every_type_that_this_program_sends()
    {
        var codecs = typeof(WireBindings).Assembly.GetTypes().Where(type => type.Name.EndsWith("Codec", StringComparison.Ordinal)).Select(type => type.Name[..^"Codec".Length]);
        Assert.Equal([nameof(FailoverMessage), nameof(IslandView), nameof(NodeHello)], codecs.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Should_come_back_equal_when_a_message_of_failover_is_serialized_and_be_refused_when_it_is_not_for_this_node()
    {
        var hello = new CoordinatorHello(Layouts.A, Guid.NewGuid(), new NodeId("node1"), 7);
        var serializer = Assert.IsType<FailoverSerializer>(Sys.Serialization.FindSerializerFor(hello));
        var bytes = serializer.ToBinary(hello);
        WireIdentity.Of(Sys).Cluster = Layouts.A;
        Assert.Equal(hello, serializer.FromBinary(bytes, serializer.Manifest(hello)));
        Assert.Equal(WireRefusal.UnknownManifest, Assert.Throws<WireException>(() => serializer.FromBinary(bytes, "zz")).Refusal);
        Assert.Equal(WireRefusal.BadBytes, Assert.Throws<WireException>(() => serializer.FromBinary([1, 2, 3], "ch")).Refusal);
        foreach (var known in (ClusterId?[])[null, Layouts.B])
        {
            WireIdentity.Of(Sys).Cluster = known;
            Assert.Equal(WireRefusal.ForeignCluster, Assert.Throws<WireException>(() => serializer.FromBinary(bytes, "ch")).Refusal);
        }
    }

    [Fact]
    public void Should_have_a_serializer_for_what_moves_the_coordinator()
    {
        var message = typeof(Akka.Cluster.Tools.Singleton.ClusterSingleton).Assembly.GetTypes().First(type => type.Name == "HandOverToMe");
        Assert.Equal(14, Sys.Serialization.FindSerializerForType(message).Identifier);
    }

    [Fact]
    public void Should_refuse_a_message_when_it_is_of_another_cluster_or_none_is_known()
    {
        var sample = Samples.ByManifest.Values.First();
        var serializer = (ReplicationSerializer)Sys.Serialization.FindSerializerFor(sample);
        var bytes = serializer.ToBinary(sample);
        foreach (var known in (ClusterId?[])[null, Layouts.B])
        {
            WireIdentity.Of(Sys).Cluster = known;
            var error = Assert.Throws<WireException>(() => serializer.FromBinary(bytes, serializer.Manifest(sample)));
            Assert.Equal(WireRefusal.ForeignCluster, error.Refusal);
            Assert.Contains(sample.Cluster.ToString(), error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Should_refuse_a_message_of_replication_when_its_manifest_or_its_bytes_are_wrong()
    {
        var serializer = new ReplicationSerializer((ExtendedActorSystem)Sys);
        Assert.Equal(WireRefusal.UnknownManifest, Assert.Throws<WireException>(() => serializer.FromBinary([1, 2, 3], "zz")).Refusal);
        Assert.Equal(WireRefusal.BadBytes, Assert.Throws<WireException>(() => serializer.FromBinary([1, 2, 3], ReplicationCodec.Manifests.First())).Refusal);
        Assert.True(ReplicationCodec.MaxBytes <= WireLimits.MaxPayloadBytes);
    }

    [Fact]
    public void Should_say_which_type_when_it_has_no_serializer()
    {
        // Akka itself finds none, even though everything is an object; what came past it would be refused all the same.
        Assert.Contains("Version", Assert.ThrowsAny<SerializationException>(() => Sys.Serialization.FindSerializerFor(new Version(1, 0))).Message, StringComparison.Ordinal);

        var before = WireCounters.Of(WireRefusal.UnregisteredType);
        var error = Assert.Throws<WireException>(() => new RefusingSerializer((ExtendedActorSystem)Sys).ToBinary(new Version(1, 0)));
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

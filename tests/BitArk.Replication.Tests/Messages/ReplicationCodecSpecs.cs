using BitArk.Replication.Messages;
using CsCheck;

namespace BitArk.Replication.Tests.Messages;

public sealed class ReplicationCodecSpecs
{
    [Fact]
    public void Should_know_every_message_there_is_by_a_manifest_of_its_own()
    {
        var types = typeof(ReplicationMessage).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ReplicationMessage)));

        Assert.Equal(types.OrderBy(type => type.Name), Samples.ByManifest.Values.Select(message => message.GetType()).OrderBy(type => type.Name));
        Assert.Equal(Samples.ByManifest.Keys.Order(), ReplicationCodec.Manifests.Order());
        Assert.All(Samples.ByManifest, sample => Assert.Equal(sample.Key, ReplicationCodec.ManifestOf(sample.Value)));
    }

    [Fact]
    public void Should_read_back_what_was_written() =>
        Samples.Any.Sample(message => Assert.Equal(message, Read(message)));

    [Fact]
    public void Should_read_back_a_batch_with_its_bytes() =>
        Samples.Batches.Sample(batch =>
        {
            var read = Assert.IsType<ReplicateBatch>(Read(batch));
            Assert.True(read.Bytes.Span.SequenceEqual(batch.Bytes.Span));
            Assert.Equal(batch, read with { Bytes = batch.Bytes });
        });

    [Fact]
    public void Should_copy_no_log_bytes_when_a_batch_is_read()
    {
        var bytes = Samples.Bytes(Samples.ByManifest["rb"]);
        Assert.True(ReplicationCodec.TryRead("rb", bytes, out var message, out _));
        bytes[^1] = 99;
        Assert.Equal(99, ((ReplicateBatch)message).Bytes.Span[^1]);
    }

    [Fact]
    public void Should_take_the_largest_batch_and_refuse_to_write_a_larger_one()
    {
        var batch = (ReplicateBatch)Samples.ByManifest["rb"];
        var largest = batch with { Bytes = new byte[ReplicateBatch.MaxBytes] };
        Assert.Equal(ReplicationCodec.MaxBytes, ReplicationCodec.SizeOf(largest));
        Assert.Equal(ReplicateBatch.MaxBytes, ((ReplicateBatch)Read(largest)).Bytes.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => Samples.Bytes(batch with { Bytes = new byte[ReplicateBatch.MaxBytes + 1] }));
    }

    private static ReplicationMessage Read(ReplicationMessage message)
    {
        Assert.True(ReplicationCodec.TryRead(ReplicationCodec.ManifestOf(message), Samples.Bytes(message), out var read, out var reason), reason);
        return read;
    }
}

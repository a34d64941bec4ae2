using BitArk.Replication.Messages;

namespace BitArk.Replication.Tests.Messages;

/// <summary>A running cluster is updated node by node: these bytes change only together with the version.</summary>
public sealed class GoldenBytesSpecs
{
    [Theory]
    [InlineData("pr", "")]
    public void Should_write_and_read_these_bytes(string manifest, string hex)
    {
        var bytes = Samples.Bytes(Samples.ByManifest[manifest]);
        Assert.Equal(hex, Convert.ToHexStringLower(bytes));
    }
}

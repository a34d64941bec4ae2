namespace BitArk.Cluster;

/// <summary>How reads wait.</summary>
/// <param name="TokenWait">How long a replica waits until it has applied a token's position.</param>
public sealed record ReadSettings(TimeSpan TokenWait)
{
    internal static ReadSettings From(HoconReader reader) =>
        new(reader.Time("reads.token-wait", TimeSpan.Zero, TimeSpan.FromMinutes(1)));
}

namespace BitArk.Storage.Snapshots;

/// <summary>Slows a background writer down, so that group commits on the same disk keep their latency. Called on the writer's thread.</summary>
public interface IWritePacer
{
    /// <summary>Tells that <paramref name="bytes"/> more were written, and waits as long as the rate asks.</summary>
    void Wrote(int bytes, CancellationToken cancellation);
}

/// <summary>As fast as the disk takes it.</summary>
public sealed class UnpacedWrites : IWritePacer
{
    /// <summary>The only instance that is needed.</summary>
    public static readonly UnpacedWrites Instance = new();

    /// <inheritdoc/>
    public void Wrote(int bytes, CancellationToken cancellation)
    {
    }
}

namespace BitArk.Simulation.Engine;

/// <summary>The run's source of chance in the shape that the product takes.</summary>
internal sealed class SystemRandom(SimRandom random) : Random
{
    /// <inheritdoc/>
    public override int Next() => random.Below(int.MaxValue);

    /// <inheritdoc/>
    public override int Next(int maxValue) => random.Below(Math.Max(1, maxValue));

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue) => minValue + random.Below(Math.Max(1, maxValue - minValue));

    /// <inheritdoc/>
    public override long NextInt64() => (long)(random.NextBits() >> 1);

    /// <inheritdoc/>
    public override long NextInt64(long maxValue) => NextInt64() % Math.Max(1, maxValue);

    /// <inheritdoc/>
    public override long NextInt64(long minValue, long maxValue) => minValue + NextInt64(maxValue - minValue);

    /// <inheritdoc/>
    public override double NextDouble() => random.NextDouble();

    /// <inheritdoc/>
    public override void NextBytes(Span<byte> buffer)
    {
        foreach (ref var value in buffer)
            value = (byte)random.NextBits();
    }

    /// <inheritdoc/>
    protected override double Sample() => random.NextDouble();
}

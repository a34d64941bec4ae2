namespace BitArk.Cli.Bench;

/// <summary>
/// A small random generator, one per caller: a run's keys depend on its seed alone, and picking one costs nanoseconds.
/// Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (2014).
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number of 0 … <paramref name="bound"/> - 1, by multiplication instead of a division.</summary>
    public long Below(long bound) => (long)Math.BigMul(Next(), (ulong)bound, out _);
}

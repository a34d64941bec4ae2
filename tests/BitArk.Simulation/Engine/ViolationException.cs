namespace BitArk.Simulation.Engine;

/// <summary>Something that must always hold does not.</summary>
internal sealed class ViolationException(string rule, string what) : Exception($"{rule}: {what}")
{
    /// <summary>Which rule.</summary>
    public string Rule { get; } = rule;
}

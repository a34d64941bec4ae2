namespace BitArk.Simulation.Network;

/// <summary>How bad the links are; the same for all of them at a time, each message draws its own fate.</summary>
/// <param name="Loss">The part of messages that vanish.</param>
/// <param name="Repeat">The part that arrive twice.</param>
/// <param name="Flip">The part in which one bit changes.</param>
/// <param name="Least">The shortest delay.</param>
/// <param name="Most">The longest usual delay; a difference reorders.</param>
/// <param name="Late">The part that arrive very late.</param>
/// <param name="VeryLate">How late at most.</param>
internal sealed record LinkFaults(double Loss, double Repeat, double Flip, TimeSpan Least, TimeSpan Most, double Late, TimeSpan VeryLate)
{
    /// <summary>A network that only takes its time.</summary>
    public static readonly LinkFaults None = new(0, 0, 0, TimeSpan.FromMicroseconds(200), TimeSpan.FromMicroseconds(900), 0, TimeSpan.Zero);

    /// <summary>One of many weathers.</summary>
    public static LinkFaults Draw(Engine.SimRandom random) => new(
        Loss: random.Chance(0.5) ? random.NextDouble() * 0.2 : 0.005,
        Repeat: random.NextDouble() * 0.15,
        Flip: random.Chance(0.6) ? random.NextDouble() * 0.02 : 0,
        Least: TimeSpan.FromMicroseconds(100),
        Most: TimeSpan.FromMicroseconds(random.Between(300, 15_000)),
        Late: random.NextDouble() * 0.03,
        VeryLate: TimeSpan.FromMilliseconds(random.Between(50, 1_500)));
}

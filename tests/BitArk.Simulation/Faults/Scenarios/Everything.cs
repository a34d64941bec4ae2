namespace BitArk.Simulation.Faults.Scenarios;

/// <summary>No kind of situation more than another.</summary>
internal sealed class Everything(World world) : Scenario(world);

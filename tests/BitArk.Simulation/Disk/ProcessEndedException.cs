namespace BitArk.Simulation.Disk;

/// <summary>The process ends inside a call to its disk: a crash or power cut in the middle of something.</summary>
internal sealed class ProcessEndedException() : Exception("The process ended inside a call to its disk.");

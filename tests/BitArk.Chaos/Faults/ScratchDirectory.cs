namespace BitArk.Chaos.Faults;

/// <summary>A directory of this run's own, removed at its end; kept, and named, when something failed.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    /// <summary>Makes it under the system's temporary directory.</summary>
    public ScratchDirectory(string purpose) => FullPath = Directory.CreateTempSubdirectory($"bitark-{purpose}-").FullName;

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>Set to look at the evidence afterwards.</summary>
    public bool IsKept { get; set; }

    /// <summary>A path below it.</summary>
    public string At(string name) => Path.Combine(FullPath, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsKept)
            Console.WriteLine($"evidence kept in {FullPath}");
        else if (Directory.Exists(FullPath))
            Directory.Delete(FullPath, recursive: true);
    }
}

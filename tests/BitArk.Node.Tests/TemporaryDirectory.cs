namespace BitArk.Node.Tests;

/// <summary>A directory that goes when the test does.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("bitark-node-").FullName;

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}

namespace BitArk.Node.Tests.Deployment;

/// <summary>Files of the repository that are not part of any build.</summary>
internal static class RepositoryFile
{
    public static string Path(params string[] parts)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(directory.FullName, "BitArk.sln")))
            directory = directory.Parent ?? throw new InvalidOperationException("BitArk.sln is in no parent directory of the test's.");

        return System.IO.Path.Combine([directory.FullName, .. parts]);
    }
}

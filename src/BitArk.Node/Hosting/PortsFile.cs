using System.Globalization;

namespace BitArk.Node.Hosting;

/// <summary>
/// <c>node.ports</c> in the data directory: <c>key=value</c> lines saying which ports the running node listens on, for
/// scripts that let the system choose. Not durable and not part of the data: it describes a process, not a state. A stop in
/// good order takes it away; after <c>kill -9</c> it stays until the next process listens.
/// </summary>
internal static class PortsFile
{
    /// <summary>Its name.</summary>
    public const string Name = "node.ports";

    /// <summary>Replaces the file; a reader sees the old one or the whole new one.</summary>
    public static void Write(string dataDirectory, int http, int grpc)
    {
        Directory.CreateDirectory(dataDirectory);
        var path = Path.Combine(dataDirectory, Name);
        var temporary = path + ".tmp";
        File.WriteAllText(
            temporary,
            string.Create(CultureInfo.InvariantCulture, $"http={http}\ngrpc={grpc}\npid={Environment.ProcessId}\n"));
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Takes it away, at the end or when it cannot be replaced: whoever kills by it must not hit a stranger. Needs no space.</summary>
    public static void Remove(string dataDirectory) => File.Delete(Path.Combine(dataDirectory, Name));
}

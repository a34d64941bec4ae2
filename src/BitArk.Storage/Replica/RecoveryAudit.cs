using System.Text;
using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

/// <summary>
/// The file <c>recovered.log</c> of a data directory: a line of text for everything that an operator has accepted as lost, for ever.
/// The node says it again at each start.
/// </summary>
public static class RecoveryAudit
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Adds lines at the end, durably.</summary>
    /// <exception cref="DiskException">They are not durable.</exception>
    public static void Append(DataDirectory layout, IReadOnlyList<string> lines, IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(disk);
        var path = layout.RecoveryAuditPath;
        using var file = disk.Open(path, disk.FileExists(path) ? DiskOpenMode.ReadWrite : DiskOpenMode.Create);

        // What an interruption left of a line stays as it is, and ends where it ends.
        var at = file.Length;
        var last = new byte[1];
        var isOpen = at > 0 && file.Read(at - 1, last) == 1 && last[0] != (byte)'\n';
        file.Write(at, Encoding.UTF8.GetBytes((isOpen ? "\n" : "") + string.Concat(lines.Select(line => line + "\n"))));
        file.Sync();
        disk.SyncDirectory(layout.Root);
    }

    /// <summary>The newest lines, oldest first; none where nothing was accepted.</summary>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static IReadOnlyList<string> Read(DataDirectory layout, int atMost, IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(disk);
        var path = layout.RecoveryAuditPath;
        if (!disk.FileExists(path))
            return [];
        using var file = disk.Open(path, DiskOpenMode.Read);
        var bytes = new byte[Math.Min(file.Length, MaxBytes)];
        var read = file.Read(file.Length - bytes.Length, bytes);
        return [.. Encoding.UTF8.GetString(bytes, 0, read).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(atMost)];
    }
}

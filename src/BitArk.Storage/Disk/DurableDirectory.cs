namespace BitArk.Storage.Disk;

/// <summary>Directories that no power cut takes away once they were created.</summary>
internal static class DurableDirectory
{
    /// <summary>
    /// Creates a directory and its missing parents. The parent is synced even when the directory exists already: the process
    /// that made it may have been killed before it could do so. Each parent is durable before anything is created in it, so
    /// no more than the first one that exists can be in that state.
    /// </summary>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public static void Create(IDisk disk, string directory)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (Path.GetDirectoryName(full) is not { } parent)
            return;
        var existed = disk.DirectoryExists(full);
        if (!existed)
        {
            Create(disk, parent);
            disk.CreateDirectory(full);
        }

        try
        {
            disk.SyncDirectory(parent);
        }
        catch (DiskException e) when (existed && e.IsNotForUs)
        {
            // A parent that this process may not open, or whose file system syncs no directories, was not filled by it:
            // the operator made this directory, or mounted it, and did so long before the start.
        }
    }
}

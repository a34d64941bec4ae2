namespace BitArk.Chaos.Faults;

/// <summary>
/// A real file system on an image file that can lose its power: everything that was not made durable is gone, as after
/// pulling the plug, because the file system stops all writing at once and its cache is thrown away by unmounting.
/// </summary>
internal sealed class LoopFileSystem : IAsyncDisposable
{
    private readonly string _image;
    private readonly string _kind;
    private bool _isMounted;

    private LoopFileSystem(string directory, string kind)
    {
        _kind = kind;
        _image = Path.Combine(directory, $"{kind}.img");
        MountPoint = Path.Combine(directory, $"{kind}.mount");
    }

    /// <summary>Where it is mounted.</summary>
    public string MountPoint { get; }

    /// <summary>The programs it needs.</summary>
    public static string[] Programs(string kind) => ["losetup", "mount", "umount", "xfs_io", $"mkfs.{kind}"];

    /// <summary>Makes and mounts one of <c>ext4</c> or <c>xfs</c>.</summary>
    public static async Task<LoopFileSystem> CreateAsync(string directory, string kind, int megabytes)
    {
        var made = new LoopFileSystem(directory, kind);
        using (FileStream image = File.Create(made._image))
            image.SetLength((long)megabytes << 20);
        await Tool.MustRunAsync($"mkfs.{kind}", kind == "ext4" ? ["-q", "-F", made._image] : ["-q", "-f", made._image]);
        Directory.CreateDirectory(made.MountPoint);
        await made.MountAsync();
        return made;
    }

    /// <summary>Stops the file system dead: no more writes reach the image, its own journal included. The process that writes must be frozen already, or its sync could race this.</summary>
    public async Task CutPowerAsync() => await Tool.MustRunAsync("xfs_io", "-x", "-c", "shutdown", MountPoint);

    /// <summary>Drops the cache and mounts again; the file system recovers from its journal.</summary>
    public async Task RemountAsync()
    {
        await UnmountAsync();
        await MountAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
            await UnmountAsync();
        File.Delete(_image);
    }

    private async Task MountAsync()
    {
        // A loop mount frees its loop device when it is unmounted, so nothing else is left to clean up.
        await Tool.MustRunAsync("mount", "-o", "loop", _image, MountPoint);
        _isMounted = true;
    }

    private async Task UnmountAsync()
    {
        // The kernel closes the files of a killed process a moment after the process is gone.
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (int i = 0; i < 100; i++)
        {
            if ((await Tool.RunAsync("umount", [MountPoint])).ExitCode == 0)
            {
                _isMounted = false;
                return;
            }

            await pause.WaitForNextTickAsync();
        }

        await Tool.RunAsync("umount", ["-l", MountPoint]);
        _isMounted = false;
        throw new ToolException($"{MountPoint} stayed busy for 2 s and was detached lazily");
    }
}

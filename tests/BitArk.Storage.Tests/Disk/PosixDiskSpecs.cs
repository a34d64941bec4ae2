using System.Diagnostics;
using BitArk.Storage.Disk;

namespace BitArk.Storage.Tests.Disk;

public sealed class PosixDiskSpecs : IDisposable
{
    private const int NoEntry = 2;
    private readonly string _root = Directory.CreateTempSubdirectory("bitark-disk-").FullName;
    private readonly PosixDisk _disk = PosixDisk.Instance;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Should_read_what_was_written_at_any_offset()
    {
        using var file = _disk.Open(At("a"), DiskOpenMode.Create);
        file.Write(10, "hello"u8);
        file.SyncData();
        file.Sync();
        Assert.Equal(15, file.Length);
        var into = new byte[20];
        Assert.Equal(5, file.Read(10, into));
        Assert.Equal("hello"u8, into.AsSpan(0, 5));
        Assert.Equal(0, file.Read(100, into));
        file.SetLength(12);
        Assert.Equal(12, file.Length);
    }

    // The next file to be opened would get its number, and what the late call writes.
    [Fact]
    public void Should_close_the_file_only_when_the_last_call_is_back()
    {
        var file = (PosixFile)_disk.Open(At("a"), DiskOpenMode.Create);
        var link = $"/proc/self/fd/{file.Descriptor}";
        file.Enter();
        file.Dispose();
        file.Dispose();
        Assert.Equal(At("a"), File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName);
        Assert.Throws<ObjectDisposedException>(() => file.Write(0, "late"u8));

        file.Leave();
        Assert.NotEqual(At("a"), TargetOf(link));
        Assert.Throws<ObjectDisposedException>(() => file.Sync());
    }

    // By now it may be another file's.
    private static string? TargetOf(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }

    [Fact]
    public void Should_empty_an_existing_file_when_it_is_created_again()
    {
        using (var file = _disk.Open(At("a"), DiskOpenMode.Create))
            file.Write(0, "hello"u8);
        using var again = _disk.Open(At("a"), DiskOpenMode.Create);
        Assert.Equal(0, again.Length);
    }

    // A name that no file system can hold stands for a disk that cannot tell: "it is not there" would hide a mark.
    [Fact]
    public void Should_not_say_that_a_file_is_missing_when_the_disk_cannot_tell()
    {
        var path = At(new string('x', 300));
        Assert.Throws<DiskException>(() => _disk.FileExists(path));
        Assert.Throws<DiskException>(() => _disk.DirectoryExists(path));
        Assert.Throws<DiskException>(() => _disk.ListFiles(path));
        Assert.False(_disk.FileExists(At("missing")));
        Assert.False(_disk.FileExists(_root));
        Assert.False(_disk.DirectoryExists(At("missing/deeper")));
    }

    [Fact]
    public void Should_name_call_path_and_reason_when_a_file_does_not_exist()
    {
        var error = Assert.Throws<DiskException>(() => _disk.Open(At("missing"), DiskOpenMode.ReadWrite));
        Assert.Equal(("open", At("missing"), NoEntry), (error.Operation, error.FilePath, error.Errno));
        Assert.Contains("No such file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_fail_when_writing_to_a_file_opened_for_reading()
    {
        _disk.Open(At("a"), DiskOpenMode.Create).Dispose();
        using var file = _disk.Open(At("a"), DiskOpenMode.Read);
        Assert.Equal("pwrite", Assert.Throws<DiskException>(() => file.Write(0, "x"u8)).Operation);
    }

    [Fact]
    public void Should_say_that_the_disk_is_full_when_the_device_is()
    {
        using var full = _disk.Open("/dev/full", DiskOpenMode.ReadWrite);
        var error = Assert.Throws<DiskException>(() => full.Write(0, "x"u8));
        Assert.True(error.IsDiskFull);
    }

    [Fact]
    public void Should_report_a_sync_that_the_kernel_refuses()
    {
        // Character devices have nothing to sync (EINVAL); the managed calls return normally here.
        using var device = _disk.Open("/dev/null", DiskOpenMode.ReadWrite);
        Assert.Equal("fdatasync", Assert.Throws<DiskException>(device.SyncData).Operation);
        Assert.Equal("fsync", Assert.Throws<DiskException>(device.Sync).Operation);
    }

    [Fact]
    public void Should_list_files_in_order_and_without_directories()
    {
        foreach (var name in new[] { "b", "a", "C" })
            _disk.Open(At(name), DiskOpenMode.Create).Dispose();
        _disk.CreateDirectory(At("directory"));
        Assert.Equal(["C", "a", "b"], _disk.ListFiles(_root));
        Assert.Empty(_disk.ListFiles(At("missing")));
    }

    [Fact]
    public void Should_rename_over_the_target_and_delete_without_minding_a_missing_file()
    {
        using (var file = _disk.Open(At("a"), DiskOpenMode.Create))
            file.Write(0, "new"u8);
        _disk.Open(At("b"), DiskOpenMode.Create).Dispose();
        _disk.Rename(At("a"), At("b"));
        _disk.SyncDirectory(_root);
        Assert.Equal(["b"], _disk.ListFiles(_root));
        Assert.True(_disk.FileExists(At("b")));
        _disk.Delete(At("b"));
        _disk.Delete(At("b"));
        Assert.False(_disk.FileExists(At("b")));
    }

    [Fact]
    public void Should_create_missing_parents_and_accept_what_exists()
    {
        var deep = Path.Combine(_root, "x", "y", "ü");
        Assert.False(_disk.DirectoryExists(deep));
        Assert.Equal(NoEntry, Assert.Throws<DiskException>(() => _disk.CreateDirectory(deep)).Errno);
        DurableDirectory.Create(_disk, deep);
        DurableDirectory.Create(_disk, deep);
        _disk.CreateDirectory(deep);
        Assert.True(_disk.DirectoryExists(deep));
        Assert.True(_disk.FreeBytes(deep) > 0);
    }

    [Fact]
    public void Should_refuse_a_second_lock_until_the_first_is_released()
    {
        var first = _disk.Lock(At("LOCK"));
        var error = Assert.Throws<DiskException>(() => _disk.Lock(At("LOCK")));
        Assert.Contains("another process holds the lock", error.Message, StringComparison.Ordinal);
        first.Dispose();
        _disk.Lock(At("LOCK")).Dispose();
    }

    [Fact]
    public async Task Should_refuse_the_lock_while_another_process_holds_it()
    {
        using var other = Process.Start(new ProcessStartInfo("flock", [At("LOCK"), "sh", "-c", "echo held; read line"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync());
        Assert.Throws<DiskException>(() => _disk.Lock(At("LOCK")));

        await other.StandardInput.WriteLineAsync();
        await other.WaitForExitAsync();
        _disk.Lock(At("LOCK")).Dispose();
    }

    private string At(string name) => Path.Combine(_root, name);
}

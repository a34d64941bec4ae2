using System.Runtime.InteropServices;

namespace BitArk.Storage.Disk;

/// <summary>A file descriptor. The managed file API is not used because it hides failed syncs on Linux.</summary>
internal sealed unsafe class PosixFile : IDiskFile
{
    private const int NotOpen = -1;

    private int _descriptor;

    private PosixFile(string path, int descriptor)
    {
        Path = path;
        _descriptor = descriptor;
    }

    /// <summary>Closes a descriptor that was never disposed; a lost file must not leak for the life of the process.</summary>
    ~PosixFile() => Close();

    public string Path { get; }

    public long Length
    {
        get
        {
            var length = Libc.LSeek(Descriptor, 0, Libc.SeekEnd);
            return length >= 0 ? length : throw PosixError.Last("lseek", Path);
        }
    }

    internal int Descriptor => _descriptor != NotOpen ? _descriptor : throw new ObjectDisposedException(Path);

    public static PosixFile Open(string path, int flags)
    {
        const uint ownerWritesGroupReads = 0x1A0; // 0640
        fixed (byte* name = PosixPath.ToBytes(path))
        {
            while (true)
            {
                var descriptor = Libc.Open(name, flags | Libc.CloseOnExec, ownerWritesGroupReads);
                if (descriptor >= 0)
                    return new PosixFile(path, descriptor);
                var errno = Marshal.GetLastSystemError();
                if (errno != Libc.Interrupted)
                    throw PosixError.Of("open", path, errno);
            }
        }
    }

    public int Read(long offset, Span<byte> into)
    {
        var done = 0;
        fixed (byte* bytes = into)
        {
            while (done < into.Length)
            {
                var read = Libc.PRead(Descriptor, bytes + done, into.Length - done, offset + done);
                if (read < 0)
                {
                    var errno = Marshal.GetLastSystemError();
                    if (errno == Libc.Interrupted)
                        continue;
                    throw PosixError.Of("pread", Path, errno);
                }

                if (read == 0)
                    break;
                done += (int)read;
            }
        }

        return done;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var done = 0;
        fixed (byte* from = bytes)
        {
            while (done < bytes.Length)
            {
                var written = Libc.PWrite(Descriptor, from + done, bytes.Length - done, offset + done);
                if (written < 0)
                {
                    var errno = Marshal.GetLastSystemError();
                    if (errno == Libc.Interrupted)
                        continue;
                    throw PosixError.Of("pwrite", Path, errno);
                }

                // A device that takes nothing and names no error would spin here for ever.
                if (written == 0)
                    throw PosixError.Of("pwrite", Path, Libc.InputOutput);
                done += (int)written;
            }
        }
    }

    public void SyncData()
    {
        // Not even an interrupted sync is repeated: after any failure the next call may return 0 over lost data.
        if (Libc.FDataSync(Descriptor) != 0)
            throw PosixError.Last("fdatasync", Path);
    }

    public void Sync()
    {
        if (Libc.FSync(Descriptor) != 0)
            throw PosixError.Last("fsync", Path);
    }

    public void SetLength(long bytes)
    {
        while (Libc.FTruncate(Descriptor, bytes) != 0)
        {
            var errno = Marshal.GetLastSystemError();
            if (errno != Libc.Interrupted)
                throw PosixError.Of("ftruncate", Path, errno);
        }
    }

    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private void Close()
    {
        // Linux frees the descriptor even when close is interrupted, so it is never repeated; data is synced before.
        var descriptor = Interlocked.Exchange(ref _descriptor, NotOpen);
        if (descriptor != NotOpen)
            _ = Libc.Close(descriptor);
    }
}

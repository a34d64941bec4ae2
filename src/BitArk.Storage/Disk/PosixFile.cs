using System.Runtime.InteropServices;

namespace BitArk.Storage.Disk;

/// <summary>A file descriptor. The managed file API is not used because it hides failed syncs on Linux.</summary>
internal sealed unsafe class PosixFile : IDiskFile
{
    private const int NotOpen = -1;

    private int _descriptor;
    private int _disposed;

    // The owner, until it disposes of the file, and every call that is in the kernel.
    private int _users = 1;

    private PosixFile(string path, int descriptor)
    {
        Path = path;
        _descriptor = descriptor;
    }

    /// <summary>
    /// Closes a descriptor that was never disposed. Every call keeps the file alive to its end, so that this never closes a
    /// descriptor in use; neither does <see cref="Dispose"/>, for the next file to be opened gets the same number.
    /// </summary>
    ~PosixFile() => Close();

    public string Path { get; }

    public long Length
    {
        get
        {
            Enter();
            try
            {
                var length = Libc.LSeek(Descriptor, 0, Libc.SeekEnd);
                return length >= 0 ? length : throw PosixError.Last("lseek", Path);
            }
            finally
            {
                Leave();
            }
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
        Enter();
        try
        {
            return ReadAll(offset, into);
        }
        finally
        {
            Leave();
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Enter();
        try
        {
            WriteAll(offset, bytes);
        }
        finally
        {
            Leave();
        }
    }

    public void SyncData()
    {
        Enter();
        try
        {
            // Not even an interrupted sync is repeated: after any failure the next call may return 0 over lost data.
            if (Libc.FDataSync(Descriptor) != 0)
                throw PosixError.Last("fdatasync", Path);
        }
        finally
        {
            Leave();
        }
    }

    public void Sync()
    {
        Enter();
        try
        {
            if (Libc.FSync(Descriptor) != 0)
                throw PosixError.Last("fsync", Path);
        }
        finally
        {
            Leave();
        }
    }

    public void SetLength(long bytes)
    {
        Enter();
        try
        {
            while (Libc.FTruncate(Descriptor, bytes) != 0)
            {
                var errno = Marshal.GetLastSystemError();
                if (errno != Libc.Interrupted)
                    throw PosixError.Of("ftruncate", Path, errno);
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Closes the file, at once or when the last call that is in the kernel comes back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            Leave();
        if (_descriptor == NotOpen)
            GC.SuppressFinalize(this);
    }

    /// <summary>A call begins: the descriptor stays open until it <see cref="Leave"/>s.</summary>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    internal void Enter()
    {
        while (true)
        {
            var users = Volatile.Read(ref _users);
            ObjectDisposedException.ThrowIf(users == 0 || Volatile.Read(ref _disposed) != 0, Path);
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
                return;
        }
    }

    /// <summary>It is back.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            Close();
    }

    private int ReadAll(long offset, Span<byte> into)
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

    private void WriteAll(long offset, ReadOnlySpan<byte> bytes)
    {
        var done = WriteOnce(offset, bytes);
        // After a first short write the whole of it is written again and not the rest alone: then nothing depends on the
        // claim that the first part arrived, and the same bytes at the same place do no harm. From then on the rest
        // follows, so that a device that is filling up ends with its own error, such as ENOSPC.
        if (done < bytes.Length)
            done = WriteOnce(offset, bytes);
        while (done < bytes.Length)
        {
            var written = WriteOnce(offset + done, bytes[done..]);
            // A device that takes nothing and names no error would spin here for ever.
            if (written == 0)
                throw PosixError.Of("pwrite", Path, Libc.InputOutput);
            done += written;
        }
    }

    private int WriteOnce(long offset, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* from = bytes)
        {
            while (true)
            {
                var written = Libc.PWrite(Descriptor, from, bytes.Length, offset);
                if (written >= 0)
                    return (int)written;
                var errno = Marshal.GetLastSystemError();
                if (errno != Libc.Interrupted)
                    throw PosixError.Of("pwrite", Path, errno);
            }
        }
    }

    private void Close()
    {
        // Linux frees the descriptor even when close is interrupted, so it is never repeated; data is synced before.
        var descriptor = Interlocked.Exchange(ref _descriptor, NotOpen);
        if (descriptor != NotOpen)
            _ = Libc.Close(descriptor);
    }
}

namespace BitArk.Chaos.Faults;

/// <summary>A file that eats the free space of a file system to the last byte.</summary>
internal sealed class Filler(string path) : IDisposable
{
    /// <summary>Writes until not even a byte fits; gives the bytes eaten.</summary>
    public long Fill()
    {
        long length = 0;
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (int piece = 1 << 20; piece >= 1; piece = piece > 1 ? piece / 16 : 0)
        {
            byte[] bytes = new byte[piece];
            Random.Shared.NextBytes(bytes);
            length = Append(file, bytes, length);
        }

        return length;
    }

    /// <summary>Gives the space back.</summary>
    public void Dispose() => File.Delete(path);

    private static long Append(FileStream file, byte[] bytes, long length)
    {
        try
        {
            while (true)
            {
                RandomAccess.Write(file.SafeFileHandle, bytes, length);
                length += bytes.Length;
            }
        }
        catch (IOException)
        {
            // Full for pieces of this size; a part of the last one may have been written.
            return RandomAccess.GetLength(file.SafeFileHandle);
        }
    }
}

namespace BitArk.Chaos.Faults;

/// <summary>Harm done to single bytes of files at rest.</summary>
internal static class Bytes
{
    /// <summary>Flips one bit.</summary>
    public static void Flip(string path, long offset, int bit = 3)
    {
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = offset;
        int value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ (1 << bit)));
    }

    /// <summary>One past the last byte that is not zero.</summary>
    public static long EndOfContent(string path) => Array.FindLastIndex(File.ReadAllBytes(path), value => value != 0) + 1L;
}

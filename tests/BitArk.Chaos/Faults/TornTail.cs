namespace BitArk.Chaos.Faults;

/// <summary>
/// Leaves behind the end of a log what a group commit leaves that reached the disk in part: killing a process alone never
/// does, because the kernel finishes what it was given.
/// </summary>
internal static class TornTail
{
    private const int HeaderBytes = 64;

    // A record may end in zeros, so its end is only known to be near the last byte that is not.
    private const int Distance = 64;

    /// <summary>Writes random bytes behind the last content of every partition's log that has room for them; gives how many have.</summary>
    public static int Plant(string dataDirectory, Random random)
    {
        int planted = 0;
        foreach (string partition in Directory.GetDirectories(Path.Combine(dataDirectory, "partitions")))
        {
            string? segment = Directory.GetFiles(Path.Combine(partition, "wal"), "*.wal").Order(StringComparer.Ordinal).LastOrDefault(path => Bytes.EndOfContent(path) > HeaderBytes);
            if (segment is null)
                continue;
            byte[] torn = new byte[random.Next(1, 4_000)];
            random.NextBytes(torn);
            long at = Bytes.EndOfContent(segment) + Distance;
            using FileStream file = File.Open(segment, FileMode.Open, FileAccess.ReadWrite);
            if (at + torn.Length > file.Length)
                continue;
            file.Position = at;
            file.Write(torn);
            planted++;
        }

        return planted;
    }
}

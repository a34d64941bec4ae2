using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace BitArk.Cli.Replay;

/// <summary>
/// Keeps a <see cref="ReplayPosition"/> as lines of <c>key=value</c> under a CRC line, replaced by rename. It is not
/// synced: marks may be repeated, so a position that is lost or old costs time and nothing else. It is never ahead,
/// because it is written after the acknowledgements.
/// </summary>
internal sealed class ResumeFile(string path)
{
    private const string Magic = "bitark-replay 1";

    /// <summary>Where it lies.</summary>
    public string Path => path;

    /// <summary>Replaces the file.</summary>
    public void Save(ReplayPosition position)
    {
        var temporary = path + ".tmp";
        File.WriteAllText(temporary, Format(position));
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Reads it; null when there is none or it is damaged (then <paramref name="problem"/> says so).</summary>
    public ReplayPosition? Load(out string? problem)
    {
        problem = null;
        if (!File.Exists(path))
        {
            return null;
        }

        var position = Parse(File.ReadAllText(path));
        problem = position is null ? $"{path} is damaged and ignored" : null;
        return position;
    }

    /// <summary>The text of the file.</summary>
    public static string Format(ReplayPosition position)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"""
            {Magic}
            trace-bytes={position.Trace.Bytes}
            trace-xxh3={position.Trace.Hash:x16}
            cluster={position.Cluster}
            namespace={position.Namespace}
            batch={position.BatchSize}
            session={position.Session}
            reads={position.Reads}
            changed={position.Changed}
            exact={(position.IsExact ? 1 : 0)}

            """);
        return body + string.Create(CultureInfo.InvariantCulture, $"crc32={Crc(body):x8}\n");
    }

    /// <summary>Reads the text of the file; null when any of it is wrong.</summary>
    public static ReplayPosition? Parse(string text)
    {
        var lines = text.Split('\n');
        string[] keys = ["trace-bytes", "trace-xxh3", "cluster", "namespace", "batch", "session", "reads", "changed", "exact", "crc32"];
        if (lines.Length != keys.Length + 2 || lines[0] != Magic || lines[^1].Length != 0)
        {
            return null;
        }

        var values = new string[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            var line = lines[i + 1];
            if (!line.StartsWith(keys[i] + "=", StringComparison.Ordinal))
            {
                return null;
            }

            values[i] = line[(keys[i].Length + 1)..];
        }

        var body = text[..text.LastIndexOf("crc32=", StringComparison.Ordinal)];
        return uint.TryParse(values[9], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var crc) && crc == Crc(body)
            && TryNumber(values[0], out var bytes)
            && ulong.TryParse(values[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hash)
            && TryNumber(values[4], out var batch) && batch is > 0 and <= int.MaxValue
            && TryNumber(values[5], out var session)
            && TryNumber(values[6], out var reads)
            && TryNumber(values[7], out var changed)
            && TryNumber(values[8], out var exact) && exact <= 1
            ? new ReplayPosition(new TraceFingerprint(bytes, hash), values[2], values[3], (int)batch, session, reads, changed, exact == 1)
            : null;
    }

    private static bool TryNumber(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static uint Crc(string body) => Crc32.HashToUInt32(Encoding.UTF8.GetBytes(body));
}

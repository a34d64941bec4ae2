using System.IO.Compression;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.Replay;

/// <summary>Streams the rows of a trace file, gzipped (<c>.gz</c>) or plain. A line it cannot read ends it with a usage error that names the line.</summary>
internal static class TraceReader
{
    private const int BufferBytes = 64 * 1024;
    private const int MaxLineBytes = 256;

    /// <summary>The rows of a file in order.</summary>
    public static IEnumerable<TraceRow> ReadFile(string path)
    {
        using var file = Open(path);
        using var stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(file, CompressionMode.Decompress)
            : (Stream)file;
        foreach (var row in Read(stream, path))
        {
            yield return row;
        }
    }

    /// <summary>The rows of a decompressed stream; <paramref name="name"/> is for messages.</summary>
    public static IEnumerable<TraceRow> Read(Stream stream, string name)
    {
        var buffer = new byte[BufferBytes];
        int start = 0, end = 0;
        long lineNumber = 0;
        while (true)
        {
            var newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (newline < 0)
            {
                if (end - start > MaxLineBytes)
                {
                    throw Bad(name, lineNumber + 1, $"longer than {MaxLineBytes} bytes");
                }

                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                var read = Fill(stream, buffer.AsSpan(end), name);
                if (read > 0)
                {
                    end += read;
                    continue;
                }

                newline = end;
                if (newline == 0)
                {
                    break;
                }
            }

            lineNumber++;
            var line = buffer.AsMemory(start, newline);
            start = Math.Min(end, start + newline + 1);
            if (ParseLine(line.Span, lineNumber, name) is { } row)
            {
                yield return row;
            }
        }

        if (lineNumber == 0)
        {
            throw CliException.Usage($"{name}: empty, not even the header line of a read trace");
        }
    }

    private static TraceRow? ParseLine(ReadOnlySpan<byte> line, long number, string name)
    {
        line = line.TrimEnd((byte)'\r');
        if (number == 1)
        {
            return line.SequenceEqual(TraceRowParser.Header)
                ? null
                : throw Bad(name, number, "not the header of a read trace (unix_seconds,channel,user,kind,from,to)");
        }

        return TraceRowParser.TryParse(line, out var row, out var problem) ? row : throw Bad(name, number, problem);
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"{path}: {failure.Message}", failure);
        }
    }

    private static int Fill(Stream stream, Span<byte> into, string name)
    {
        try
        {
            return stream.Read(into);
        }
        catch (InvalidDataException failure)
        {
            throw CliException.Usage($"{name}: not a sound gzip file: {failure.Message}", failure);
        }
    }

    private static CliException Bad(string name, long line, string problem) => CliException.Usage($"{name}, line {line}: {problem}");
}

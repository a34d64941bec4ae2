using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace BitArk.Cli.Tests.EndToEnd;

/// <summary>A small trace like the real ones: people who read what comes, in ranges, with holes where they were away.</summary>
internal static class SampleTrace
{
    public const int Users = 40;
    public const int Channels = 3;

    /// <summary>Writes a gzipped trace of about so many reads; the same for the same seed.</summary>
    public static string Write(string path, int reads, int seed)
    {
        var random = new Random(seed);
        var heads = new long[Channels + 1];
        var text = new StringBuilder("unix_seconds,channel,user,kind,from,to\n");
        for (var i = 0; i < reads; i++)
        {
            var channel = random.Next(1, Channels + 1);
            var author = random.Next(1, Users + 1);
            var head = ++heads[channel];
            Append(text, i, channel, author, "post", head, head);
            var from = Math.Max(1, head - random.Next(0, 30));
            Append(text, i, channel, random.Next(1, Users + 1), "read", from, random.NextInt64(from, head + 1));
        }

        using var stream = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        stream.Write(Encoding.ASCII.GetBytes(text.ToString()));
        return path;
    }

    private static void Append(StringBuilder text, long second, long channel, long user, string kind, long from, long to) =>
        text.Append(CultureInfo.InvariantCulture, $"{1_600_000_000 + second},{channel},{user},{kind},{from},{to}\n");
}

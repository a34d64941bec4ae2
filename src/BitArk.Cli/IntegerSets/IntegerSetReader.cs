using System.Globalization;
using System.IO.Compression;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.IntegerSets;

/// <summary>Reads a collection of integer sets: a zip or a directory of text files, each one set of numbers between commas, blanks or line ends.</summary>
internal static class IntegerSetReader
{
    private static readonly char[] Separators = [',', ' ', '\t', '\r', '\n'];

    /// <summary>The sets in the order of their files' names; empty files are left out.</summary>
    /// <exception cref="CliException">There is none, or one holds something else.</exception>
    public static IEnumerable<IntegerSet> Read(string path)
    {
        if (Directory.Exists(path))
        {
            return Directory.EnumerateFiles(path).Order(StringComparer.Ordinal).Select(file => Parse(Path.GetFileName(file), File.ReadAllText(file))).OfType<IntegerSet>();
        }

        return File.Exists(path) ? ReadZip(path) : throw CliException.Usage($"{path}: no such file or directory");
    }

    /// <summary>The set in the text of a file; null when it is empty.</summary>
    internal static IntegerSet? Parse(string name, string text)
    {
        var ids = new List<long>();
        foreach (var part in text.AsSpan().SplitAny(Separators))
        {
            var number = text.AsSpan(part);
            if (number.IsEmpty)
            {
                continue;
            }

            if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !Ids.IsValid(id))
            {
                throw CliException.Usage($"{name}: '{number}' is no id of 0 … 2^63-2");
            }

            ids.Add(id);
        }

        return ids.Count == 0 ? null : IntegerSet.Of(name, ids);
    }

    private static IEnumerable<IntegerSet> ReadZip(string path)
    {
        using var archive = Open(path);
        foreach (var entry in archive.Entries.Where(entry => entry.Name.Length > 0).OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            using var reader = new StreamReader(entry.Open());
            if (Parse(entry.FullName, reader.ReadToEnd()) is { } set)
            {
                yield return set;
            }
        }
    }

    private static ZipArchive Open(string path)
    {
        try
        {
            return ZipFile.OpenRead(path);
        }
        catch (InvalidDataException failure)
        {
            throw CliException.Usage($"{path}: neither a directory nor a zip file: {failure.Message}", failure);
        }
    }
}

namespace BitArk.Cli.Terminal;

/// <summary>A table that reads well and that cut, awk and grep can read too: columns as wide as their widest cell, two blanks between.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    /// <summary>Writes a heading and rows of as many cells.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<string> heading, IEnumerable<string[]> rows)
    {
        string[][] all = [[.. heading], .. rows];
        var widths = Enumerable.Range(0, heading.Count).Select(column => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
        {
            writer.WriteLine(string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}

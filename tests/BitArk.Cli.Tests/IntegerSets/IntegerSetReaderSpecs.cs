using System.IO.Compression;
using BitArk.Cli.IntegerSets;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.Tests.IntegerSets;

public sealed class IntegerSetReaderSpecs : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("1,2,3,7")]
    [InlineData("7, 3,2\n1\r\n2,")]
    public void Should_sort_and_merge_numbers_whatever_separates_them(string text)
    {
        var set = IntegerSetReader.Parse("a", text);
        Assert.NotNull(set);
        Assert.Equal([new MessageRange(1, 3), new MessageRange(7, 7)], set.Ranges);
        Assert.Equal(4, set.Count);
    }

    [Theory]
    [InlineData("1,x")]
    [InlineData("-1")]
    [InlineData("9223372036854775807")]
    [InlineData("1.5")]
    public void Should_end_with_a_usage_error_when_something_is_no_id(string text)
    {
        var failure = Assert.Throws<CliException>(() => IntegerSetReader.Parse("file.txt", text));
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.Contains("file.txt", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_leave_empty_files_out() => Assert.Null(IntegerSetReader.Parse("a", "\n"));

    [Fact]
    public void Should_read_a_directory_and_a_zip_alike_in_the_order_of_names()
    {
        var folder = Directory.CreateDirectory(_directory.File("sets")).FullName;
        File.WriteAllText(Path.Combine(folder, "b.txt"), "5");
        File.WriteAllText(Path.Combine(folder, "a.txt"), "4,6");
        var zip = _directory.File("sets.zip");
        ZipFile.CreateFromDirectory(folder, zip);

        Assert.Equal(["a.txt", "b.txt"], IntegerSetReader.Read(zip).Select(set => set.Name));
        Assert.Equal(
            IntegerSetReader.Read(folder).SelectMany(set => set.Ranges),
            IntegerSetReader.Read(zip).SelectMany(set => set.Ranges));
    }

    [Fact]
    public void Should_end_with_a_usage_error_when_there_is_no_collection()
    {
        Assert.Throws<CliException>(() => IntegerSetReader.Read(_directory.File("missing")).ToArray());
        var file = _directory.File("text.zip");
        File.WriteAllText(file, "1,2");
        Assert.Throws<CliException>(() => IntegerSetReader.Read(file).ToArray());
    }
}

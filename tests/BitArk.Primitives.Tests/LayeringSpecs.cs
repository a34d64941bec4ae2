using System.Xml.Linq;

namespace BitArk.Primitives.Tests;

/// <summary>Dependencies point one way. The project files are the truth the build uses, so they are what is checked.</summary>
public sealed class LayeringSpecs
{
    [Theory]
    [InlineData("BitArk.Primitives", "")]
    [InlineData("BitArk.Storage", "BitArk.Primitives")]
    [InlineData("BitArk.Replication", "BitArk.Primitives")]
    [InlineData("BitArk.Protocol", "BitArk.Primitives")]
    [InlineData("BitArk.Cluster", "BitArk.Primitives BitArk.Storage BitArk.Replication BitArk.Protocol")]
    [InlineData("BitArk.Node", "BitArk.Primitives BitArk.Storage BitArk.Replication BitArk.Protocol BitArk.Cluster")]
    [InlineData("BitArk.Cli", "BitArk.Primitives BitArk.Storage BitArk.Replication BitArk.Protocol BitArk.Cluster")]
    public void Should_reference_only_layers_below(string project, string allowed)
    {
        var references = Elements(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

        Assert.Empty(references.Except(allowed.Split(' ')));
    }

    [Theory]
    [InlineData("BitArk.Primitives")]
    [InlineData("BitArk.Storage")]
    [InlineData("BitArk.Replication")]
    public void Should_keep_actors_and_network_out_of_the_core(string project) =>
        Assert.DoesNotContain(Elements(project, "PackageReference"), package =>
            package.StartsWith("Akka", StringComparison.Ordinal) || package.StartsWith("Grpc", StringComparison.Ordinal));

    [Fact]
    public void Should_have_a_row_here_for_every_project()
    {
        var rows = typeof(LayeringSpecs).GetMethod(nameof(Should_reference_only_layers_below))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false)
            .Select(row => (string)((InlineDataAttribute)row).GetData(null!).Single()[0]);

        Assert.Equal(Directory.GetDirectories(Path.Combine(Root, "src")).Select(Path.GetFileName).Order(), rows.Order());
    }

    private static string Root
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory.FullName, "BitArk.sln")))
                directory = directory.Parent ?? throw new InvalidOperationException("BitArk.sln is in no parent directory of the test's.");

            return directory.FullName;
        }
    }

    private static IEnumerable<string> Elements(string project, string name) =>
        XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj"))
            .Descendants(name).Select(element => element.Attribute("Include")!.Value);
}

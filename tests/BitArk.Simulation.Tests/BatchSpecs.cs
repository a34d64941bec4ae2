using BitArk.Simulation.Runs;

namespace BitArk.Simulation.Tests;

public sealed class BatchSpecs : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bitark-batch-").FullName;

    private string Progress => Path.Combine(_directory, "progress.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Should_come_to_the_same_when_a_batch_goes_on_where_it_stopped()
    {
        Run("1..2", Progress);
        var resumed = Run("1..4", Progress);
        var straight = Run("1..4");

        Assert.Equal((straight.Next, straight.Held, straight.Ended, straight.Steps), (resumed.Next, resumed.Held, resumed.Ended, resumed.Steps));
        Assert.Equal(straight.Counters.Required, resumed.Counters.Required);
        Assert.Equal(straight.Counters.Others, resumed.Counters.Others);
    }

    [Fact]
    public void Should_run_no_seed_again_when_all_have_been_run()
    {
        var first = Run("1..2", Progress);
        var again = Run("1..2", Progress);

        Assert.Equal((first.Count, first.Seconds), (again.Count, again.Seconds));
    }

    [Fact]
    public void Should_refuse_when_the_progress_is_of_another_build()
    {
        Run("1..1", Progress);
        var kept = File.ReadAllText(Progress);
        File.WriteAllText(Progress, kept.Replace("\"Build\": \"", "\"Build\": \"another ", StringComparison.Ordinal));

        Assert.Contains("another build", Assert.Throws<InvalidDataException>(() => Run("1..2", Progress)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2..3", "of seeds from 1")]
    [InlineData("1..3", "no batch's progress", "not json")]
    [InlineData("1..3", "no batch's progress", "{}")]
    public void Should_refuse_when_the_file_is_not_of_this_batch(string seeds, string expected, string? content = null)
    {
        Run("1..1", Progress);
        if (content is not null)
            File.WriteAllText(Progress, content);

        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Run(seeds, Progress)).Message, StringComparison.Ordinal);
    }

    private static Tally Run(string seeds, string? progress = null) =>
        Batch.Go(Options.Read(progress is null ? ["--seeds", seeds] : ["--seeds", seeds, "--resume", progress])!);
}

using BitArk.Cli.Bench;

namespace BitArk.Cli.Tests.Bench;

public sealed class ProcessCpuSpecs
{
    [Fact]
    public void Should_add_user_and_system_time_when_the_name_holds_blanks_and_brackets() => Assert.Equal(
        TimeSpan.FromSeconds(3.5),
        ProcessCpu.Parse("77 (a ) b) S 1 77 77 0 -1 4194560 1 2 3 4 200 150 0 0 20 0 1 0 5 6 7"));

    [Fact]
    public void Should_answer_nothing_when_the_text_is_cut() => Assert.Null(ProcessCpu.Parse("77 (a) S 1"));
}

using BitArk.Storage.Disk;

namespace BitArk.Storage.Tests.Disk;

public sealed class DurableDirectorySpecs
{
    private const string Deep = "/a/b/c";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Should_survive_a_power_cut_when_creation_was_interrupted_by_a_kill_at_any_call_and_repeated(int seed)
    {
        for (var call = 1; ; call++)
        {
            var memory = new MemoryDisk();
            var faulty = new FaultyDisk(memory) { CrashAt = call };
            try
            {
                DurableDirectory.Create(faulty, Deep);
                Assert.True(call > 6, $"only {call} calls");
                return;
            }
            catch (SimulatedCrashException)
            {
            }

            var next = memory.AfterKill();
            DurableDirectory.Create(next, Deep);
            Assert.True(next.AfterPowerCut(seed).DirectoryExists(Deep), $"lost after a kill at {faulty.Trace[^1]}");
        }
    }

    [Theory]
    [InlineData(DiskException.AccessDenied)]
    [InlineData(DiskException.InvalidArgument)]
    public void Should_take_a_directory_as_it_is_when_its_parent_cannot_be_synced_by_this_process(int errno)
    {
        var memory = new MemoryDisk();
        memory.CreateDirectory("/a");
        DurableDirectory.Create(new FaultyDisk(memory) { Errno = errno, FailWhen = (operation, path) => operation == "fsync" && path == "/" }, Deep);
        Assert.True(memory.DirectoryExists(Deep));
    }

    [Theory]
    [InlineData(DiskException.AccessDenied, false)]
    [InlineData(DiskException.InputOutput, true)]
    public void Should_fail_when_the_entry_of_a_directory_may_not_be_durable(int errno, bool exists)
    {
        var memory = new MemoryDisk();
        if (exists)
            memory.CreateDirectory("/a");
        var faulty = new FaultyDisk(memory) { Errno = errno, FailWhen = (operation, path) => operation == "fsync" && path == "/" };
        Assert.Equal(errno, Assert.Throws<DiskException>(() => DurableDirectory.Create(faulty, "/a")).Errno);
    }
}

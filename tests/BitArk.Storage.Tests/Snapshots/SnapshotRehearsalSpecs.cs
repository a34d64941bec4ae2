using BitArk.Storage.Snapshots;

namespace BitArk.Storage.Tests.Snapshots;

public sealed class SnapshotRehearsalSpecs
{
    [Fact]
    public void Should_come_to_its_end_when_it_is_run_again_and_beside_itself() => Parallel.For(0, 8, _ => SnapshotRehearsal.Run());
}

using BitArk.Cluster;
using BitArk.Node.Peers;
using Microsoft.Extensions.DependencyInjection;

namespace BitArk.Node.Tests.Peers;

public sealed class SnapshotFetchSpecs : IAsyncLifetime
{
    private static readonly Lsn At = new(4096);

    private readonly byte[] _file = new byte[700_001];
    private RunningNode _leader = null!;
    private RunningNode _other = null!;
    private MemorySnapshots _snapshots = null!;

    public async Task InitializeAsync()
    {
        new Random(5).NextBytes(_file);
        _leader = await RunningNode.StartAsync();
        _leader.Model.Model[0].Snapshots = _snapshots = new MemorySnapshots(At, _file);
        (_other, _) = await FollowerNode.StartAsync(_leader.Ports.GrpcAuthority);
    }

    public async Task DisposeAsync()
    {
        await _other.DisposeAsync();
        _other.Data.Dispose();
        await _leader.DisposeAsync();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(300_000, 0)] // resumed
    [InlineData(262_144, 262_144)] // one chunk again
    [InlineData(700_001, 0)]
    [InlineData(600_000, 1_000_000)]
    public async Task Should_get_the_piece_asked_for_in_ascending_sound_chunks(long offset, long length)
    {
        var got = new byte[_file.Length];
        var next = offset;
        await foreach (var chunk in Fetcher().FetchAsync(_leader.Ports.GrpcAuthority, new PartitionId(0), At, offset, length, CancellationToken.None))
        {
            Assert.Equal((next, true), (chunk.Offset, chunk.IsSound));
            Assert.InRange(chunk.Bytes.Length, 1, PeerService.SnapshotPieceBytes);
            chunk.Bytes.CopyTo(got.AsMemory((int)chunk.Offset));
            next += chunk.Bytes.Length;
        }

        Assert.Equal(length == 0 ? _file.Length : Math.Min(_file.Length, offset + length), next);
        Assert.Equal(_file[(int)offset..(int)next], got[(int)offset..(int)next]);
    }

    [Fact]
    public async Task Should_tell_a_snapshot_that_is_gone_from_a_stream_that_broke()
    {
        var gone = await Assert.ThrowsAsync<SnapshotFetchException>(() => ReadAllAsync(_leader.Ports.GrpcAuthority, new Lsn(1)));
        var broken = await Assert.ThrowsAsync<SnapshotFetchException>(() => ReadAllAsync("127.0.0.1:1", At));

        Assert.Equal((true, false), (gone.IsGone, broken.IsGone));
    }

    [Fact]
    public async Task Should_let_the_file_go_when_the_receiver_stops_half_way()
    {
        await foreach (var chunk in Fetcher().FetchAsync(_leader.Ports.GrpcAuthority, new PartitionId(0), At, 0, 0, CancellationToken.None))
            break;

        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (_snapshots.Open > 0)
            await timer.WaitForNextTickAsync(bound.Token);
    }

    private ISnapshotFetcher Fetcher() => _other.Services.GetRequiredService<ISnapshotFetcher>();

    private async Task ReadAllAsync(string source, Lsn lsn)
    {
        await foreach (var chunk in Fetcher().FetchAsync(source, new PartitionId(0), lsn, 0, 0, CancellationToken.None))
            Assert.Fail($"A chunk at {chunk.Offset}.");
    }
}

using System.Net;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Tests.EndToEnd;

/// <summary>Front ends and storage together, in this process, on a real data directory.</summary>
public sealed class StoredNodeSpecs : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task Should_find_everything_again_when_restarted()
    {
        string token;
        await using (var node = await RunningNode.StartStoredAsync(_data, "bitark.partitions = 4"))
        {
            var request = new WriteRequest();
            for (var user = 0; user < 50; user++)
                request.Operations.Add(new Operation { User = user, Channel = 7, Mark = new MessageIds { UpTo = user + 1, Messages = { 1000 } } });
            var written = await node.ReadStatus.WriteAsync(request);
            Assert.All(written.Results, (result, user) => Assert.Equal(user + 2, result.Changed));
            var unmarked = await node.ReadStatus.UnmarkAsync(new MarkRequest { User = 3, Channel = 7, Messages = { 2 }, Token = written.Token });
            token = unmarked.Token;
        }

        await using (var node = await RunningNode.StartStoredAsync(_data, "bitark.partitions = 4"))
        {
            for (var user = 0; user < 50; user++)
            {
                var state = await node.ReadStatus.ReadStateAsync(
                    new ReadStateRequest { User = user, Channel = 7, Head = 1000, MaxRanges = 10, Consistency = Consistency.Token, Token = token });
                Assert.Equal(user == 3 ? 1 : user + 1, state.Cursor);
                Assert.Equal(1000 - (user == 3 ? 4 : user + 2), state.Unread);
                Assert.Equal(user == 3 ? [(1, 1), (3, 4), (1000, 1000)] : [(1, user + 1), (1000, 1000)], state.Ranges.Select(r => (r.From, r.To)));
            }
        }
    }

    [Fact]
    public async Task Should_never_lower_a_sessions_token_when_restarted()
    {
        SessionToken before;
        await using (var node = await RunningNode.StartStoredAsync(_data))
            before = Parse((await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 })).Token);

        await using (var node = await RunningNode.StartStoredAsync(_data))
        {
            var after = Parse((await node.ReadStatus.IsReadAsync(new IsReadRequest { User = 9, Channel = 9, Message = 9 })).Token);
            Assert.Equal(after, after.Merge(before));
        }
    }

    [Fact]
    public async Task Should_apply_a_session_write_once_when_it_is_repeated_across_a_restart()
    {
        var request = new MarkRequest { User = 1, Channel = 2, UpTo = 3, Session = 77, Sequence = 1 };
        await using (var node = await RunningNode.StartStoredAsync(_data))
        {
            Assert.Equal(3, (await node.ReadStatus.MarkAsync(request)).Changed);
            await node.ReadStatus.UnmarkAsync(new MarkRequest { User = 1, Channel = 2, Messages = { 2 } });
            Assert.Equal(3, (await node.ReadStatus.MarkAsync(request)).Changed);
        }

        await using (var node = await RunningNode.StartStoredAsync(_data))
        {
            Assert.Equal(3, (await node.ReadStatus.MarkAsync(request)).Changed);
            Assert.False((await node.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 2 })).Read);
        }
    }

    [Fact]
    public async Task Should_recover_from_a_snapshot_when_one_was_taken()
    {
        await using (var node = await RunningNode.StartStoredAsync(_data))
        {
            var written = await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 });
            var snapshot = Assert.Single((await node.Admin.SnapshotAsync(new PartitionRequest())).Snapshots);
            Assert.Equal((0, 1L), (snapshot.Partition, snapshot.ReadSets));
            Assert.True(snapshot.Lsn >= Parse(written.Token).Entries[0].Lsn.Value);
            Assert.Equal(0, (await node.Admin.CollectAsync(new PartitionRequest())).SegmentsDeleted);
        }

        await using (var node = await RunningNode.StartStoredAsync(_data))
        {
            Assert.True((await node.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 3 })).Read);
            Assert.True((await node.Admin.ClusterAsync(new ClusterRequest())).Partitions[0].Replicas[0].SnapshotLsn > 64);
        }
    }

    [Fact]
    public async Task Should_export_the_published_bytes_when_a_small_set_is_asked_for()
    {
        await using var node = await RunningNode.StartStoredAsync(_data);
        await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, Messages = { 5 } });

        var bytes = await node.Http.GetByteArrayAsync(new Uri("/v1/users/1/channels/2/bitmap", UriKind.Relative));

        // One 32-bit bitmap under the high half 0; in it (cookie 12346) one array container under key 0 holding only 5.
        Assert.Equal("0100000000000000" + "00000000" + "3a300000" + "01000000" + "00000000" + "10000000" + "0500", Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public async Task Should_name_the_read_set_when_it_is_too_large_for_one_bitmap()
    {
        await using var node = await RunningNode.StartStoredAsync(_data);
        await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 1L << 62 });

        var error = await node.Http.GetAsync("/v1/users/1/channels/2/bitmap").ErrorOfAsync();
        using var call = node.ReadStatus.Export(new ReadStateRequest { User = 1, Channel = 2 });
        var overGrpc = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_ARGUMENT", "channel"), (error.Status, error.Reason, error.Metadata["field"]));
        Assert.Equal(ErrorReason.InvalidArgument, ReadStatusErrors.FromException(overGrpc)!.Reason);
    }

    public void Dispose() => _data.Dispose();

    private static SessionToken Parse(string token) => SessionToken.TryParse(token, out var parsed, out _) ? parsed : throw new FormatException(token);
}

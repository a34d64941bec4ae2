using BitArk.Node.Services;
using BitArk.Protocol;
using Grpc.Core;

namespace BitArk.Node.Tests.Services;

public sealed class ExportSlotsSpecs : IDisposable
{
    private readonly ExportSlots _slots = new(1, TimeSpan.Zero);

    [Fact]
    public async Task Should_refuse_when_a_large_export_has_not_been_sent_yet()
    {
        using (await MakeAsync(bytes: 2 << 20))
        {
            var e = await Assert.ThrowsAsync<RpcException>(() => MakeAsync(bytes: 1));
            Assert.Equal(ErrorReason.Overloaded, ReadStatusErrors.FromException(e)!.Reason);
        }

        using var next = await MakeAsync(bytes: 1);
        Assert.Equal(1, next.Bytes.Length);
    }

    [Fact]
    public async Task Should_not_let_a_small_export_keep_others_waiting_when_its_receiver_is_slow()
    {
        using var first = await MakeAsync(bytes: 1);
        using var second = await MakeAsync(bytes: 1);

        Assert.Equal(first.Token, second.Token);
    }

    [Fact]
    public async Task Should_give_the_slot_back_when_an_export_fails()
    {
        await Assert.ThrowsAsync<IOException>(() => _slots.MakeAsync(() => throw new IOException(), default));

        using var next = await MakeAsync(bytes: 1);
        Assert.Equal("token", next.Token);
    }

    public void Dispose() => _slots.Dispose();

    private Task<ExportedBitmap> MakeAsync(int bytes) =>
        _slots.MakeAsync(() => Task.FromResult<(ReadOnlyMemory<byte>, string)>((new byte[bytes], "token")), default);
}

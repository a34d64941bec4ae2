using BitArk.Protocol;

namespace BitArk.Node.Services;

/// <summary>
/// How many exports may be in memory at once: each is held whole until its receiver has taken it, and the sizes are the
/// clients' to choose.
/// </summary>
/// <param name="count">How many.</param>
/// <param name="atMost">How long one waits for its turn.</param>
internal sealed class ExportSlots(int count, TimeSpan atMost) : IDisposable
{
    /// <summary>An export up to this size gives its slot back before it is sent.</summary>
    private const int SmallBytes = 1 << 20;

    private readonly SemaphoreSlim _free = new(count, count);

    /// <summary>Makes one export, and keeps its slot until the export is disposed.</summary>
    /// <exception cref="Grpc.Core.RpcException">OVERLOADED: no slot in time.</exception>
    public async Task<ExportedBitmap> MakeAsync(Func<Task<(ReadOnlyMemory<byte> Bytes, string Token)>> make, CancellationToken cancellation)
    {
        if (!await EnterAsync(cancellation).ConfigureAwait(false))
            throw WriteErrors.Overloaded("Too many exports are under way; try again shortly.", TimeSpan.FromSeconds(1)).ToException();

        IDisposable? slot = new Slot(_free);
        try
        {
            var (bytes, token) = await make().ConfigureAwait(false);
            var export = new ExportedBitmap(bytes, token, bytes.Length > SmallBytes ? slot : null);
            if (bytes.Length > SmallBytes)
                slot = null;
            return export;
        }
        finally
        {
            slot?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    private async Task<bool> EnterAsync(CancellationToken cancellation)
    {
        try
        {
            return await _free.WaitAsync(atMost, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed class Slot(SemaphoreSlim free) : IDisposable
    {
        private SemaphoreSlim? _free = free;

        public void Dispose() => Interlocked.Exchange(ref _free, null)?.Release();
    }
}

/// <summary>A read set in the portable 64-bit Roaring format, and the token that covers it. Dispose it when it has been sent.</summary>
internal sealed class ExportedBitmap(ReadOnlyMemory<byte> bytes, string token, IDisposable? slot) : IDisposable
{
    /// <summary>The export.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>The token.</summary>
    public string Token => token;

    /// <inheritdoc/>
    public void Dispose() => slot?.Dispose();
}

namespace BitArk.Node.Http;

/// <summary>
/// A response body that lets successes through and holds errors back, so that <see cref="HttpErrorShape"/> can still set
/// their status and complete what JSON transcoding leaves out.
/// </summary>
internal sealed class ErrorBodyGate(HttpResponse response, Stream inner) : Stream
{
    private MemoryStream? _held;

    /// <summary>What was held back; empty when nothing was.</summary>
    public ReadOnlyMemory<byte> Held => _held is null ? default : _held.GetBuffer().AsMemory(0, (int)_held.Length);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool Holds => _held is not null || (response.StatusCode >= StatusCodes.Status400BadRequest && !response.HasStarted);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => (Holds ? _held ??= new MemoryStream() : inner).Write(buffer, offset, count);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!Holds)
            return inner.WriteAsync(buffer, cancellationToken);

        (_held ??= new MemoryStream()).Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
        if (!Holds)
            inner.Flush();
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Holds ? Task.CompletedTask : inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _held?.Dispose();
        base.Dispose(disposing);
    }
}

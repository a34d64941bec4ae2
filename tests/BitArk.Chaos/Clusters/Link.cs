using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace BitArk.Chaos.Clusters;

/// <summary>
/// A TCP proxy in front of one port of a node. It can slow what the node sends down, cut all connections after a number of
/// bytes, and flip one bit of a large HTTP/2 DATA frame. Bulk bytes are counted: the payload of frames of at least 4 KiB, which
/// only snapshots have.
/// </summary>
internal sealed class Link : IAsyncDisposable
{
    private const int BufferBytes = 16 << 10;
    private readonly TcpListener _listener;
    private readonly IPEndPoint _node;
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly Task _accepting;
    private long _bulkBytes;
    private long _cutAt = long.MaxValue;
    private int _flipsWanted;
    private int _cuts;
    private int _flips;

    /// <summary>Listens at once; the node may come later.</summary>
    public Link(IPEndPoint at, IPEndPoint node)
    {
        _node = node;
        _listener = new TcpListener(at);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The most that the node may send over one connection, in bytes per second; 0: as it likes.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>Bulk bytes that passed so far.</summary>
    public long BulkBytes => Interlocked.Read(ref _bulkBytes);

    /// <summary>Times that the connections were cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Bits flipped.</summary>
    public int Flips => Volatile.Read(ref _flips);

    /// <summary>Cuts all connections once, when so many more bulk bytes have passed.</summary>
    public void CutAfter(long bulkBytes) => Interlocked.Exchange(ref _cutAt, BulkBytes + bulkBytes);

    /// <summary>Flips one bit in the next large frame.</summary>
    public void FlipOnce() => Interlocked.Increment(ref _flipsWanted);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        CutAll();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_ended.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped listening.
        }
    }

    private async Task ServeAsync(Socket caller)
    {
        using var node = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        caller.NoDelay = true;
        (_open[caller], _open[node]) = (0, 0);
        try
        {
            await node.ConnectAsync(_node, _ended.Token);
            await Task.WhenAny(CopyAsync(caller, node), SendBackAsync(node, caller));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The node is away, or the link was cut; either way the caller's connection ends with it.
        }
        finally
        {
            _open.TryRemove(caller, out _);
            _open.TryRemove(node, out _);
            caller.Dispose();
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[BufferBytes];
        while (await from.ReceiveAsync(buffer, _ended.Token) is > 0 and var count)
            await to.SendAsync(buffer.AsMemory(0, count), _ended.Token);
    }

    private async Task SendBackAsync(Socket node, Socket caller)
    {
        byte[] buffer = new byte[BufferBytes];
        var frames = new FrameWalk();
        while (await node.ReceiveAsync(buffer, _ended.Token) is > 0 and var count)
        {
            bool flips = Volatile.Read(ref _flipsWanted) > 0;
            (int bulk, bool flipped) = frames.Pass(buffer.AsSpan(0, count), flips);
            if (flipped)
            {
                Interlocked.Decrement(ref _flipsWanted);
                Interlocked.Increment(ref _flips);
            }

            await caller.SendAsync(buffer.AsMemory(0, count), _ended.Token);
            if (Interlocked.Add(ref _bulkBytes, bulk) >= Volatile.Read(ref _cutAt))
                Cut();
            if (BytesPerSecond > 0)
                await Task.Delay(TimeSpan.FromSeconds((double)count / BytesPerSecond), _ended.Token);
        }
    }

    private void Cut()
    {
        Interlocked.Exchange(ref _cutAt, long.MaxValue);
        CutAll();
        Interlocked.Increment(ref _cuts);
    }

    private void CutAll()
    {
        foreach (Socket socket in _open.Keys)
            socket.Dispose();
    }
}

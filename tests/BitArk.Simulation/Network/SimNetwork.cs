using BitArk.Simulation.Engine;

namespace BitArk.Simulation.Network;

/// <summary>
/// Frames between nodes. A frame is bytes, never an object: what arrives is what the codec reads out of bytes that may
/// have been lost, repeated, overtaken, held up or flipped. Cuts work on the way out and are per direction.
/// </summary>
internal sealed class SimNetwork(EventQueue queue, SimRandom random, Trace trace, Counters counters, int nodes)
{
    private readonly bool[,] _cut = new bool[nodes, nodes];
    private readonly TimeSpan[,] _slow = new TimeSpan[nodes, nodes];

    /// <summary>How bad it is at the moment.</summary>
    public LinkFaults Faults { get; set; } = LinkFaults.None;

    /// <summary>Where frames arrive: from, to, bytes.</summary>
    public Action<int, int, byte[]>? Arrived { get; set; }

    /// <summary>Cuts one direction, or mends it.</summary>
    public void Cut(int from, int to, bool isCut) => _cut[from, to] = isCut;

    /// <summary>Makes one direction slower, by a half of this to all of it; zero: no more.</summary>
    public void Slow(int from, int to, TimeSpan delay) => _slow[from, to] = delay;

    /// <summary>Mends everything.</summary>
    public void Mend()
    {
        Array.Clear(_cut);
        Array.Clear(_slow);
    }

    /// <summary>Sends a frame; it belongs to the network from here on.</summary>
    public void Send(int from, int to, byte[] frame)
    {
        if (_cut[from, to] || random.Chance(Faults.Loss))
        {
            counters.Lost++;
            return;
        }

        Deliver(from, to, frame);
        if (random.Chance(Faults.Repeat))
        {
            counters.Repeated++;
            Deliver(from, to, [.. frame]);
        }
    }

    private void Deliver(int from, int to, byte[] frame)
    {
        var delay = random.Between(Faults.Least, Faults.Most);
        if (random.Chance(Faults.Late))
            delay += random.Between(TimeSpan.Zero, Faults.VeryLate);
        if (_slow[from, to] > TimeSpan.Zero)
            delay += random.Between(_slow[from, to] / 2, _slow[from, to]);
        if (random.Chance(Faults.Flip))
            Flip(from, to, frame);
        queue.After(delay, () =>
        {
            if (!_cut[from, to])
                Arrived?.Invoke(from, to, frame);
        });
    }

    private void Flip(int from, int to, byte[] frame)
    {
        var bit = random.Below(frame.Length * 8);
        frame[bit / 8] ^= (byte)(1 << (bit % 8));
        counters.WireFlips++;
        trace.Add(from, $"wire flip to node{to} at bit", bit, frame.Length);
    }
}

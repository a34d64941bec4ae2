using System.Globalization;

namespace BitArk.Simulation.Engine;

/// <summary>
/// What happened, in order: always as a hash, so that two runs can be compared, and as text when somebody reads along.
/// </summary>
internal sealed class Trace(EventQueue queue, TextWriter? reader)
{
    private ulong _hash = 14_695_981_039_346_656_037;

    /// <summary>Of everything so far.</summary>
    public ulong Hash => _hash;

    /// <summary>Whether text is worth making.</summary>
    public bool IsRead => reader is not null;

    /// <summary>Adds a fact; <paramref name="node"/> is -1 for the world, and the text costs nothing when nobody reads.</summary>
    public void Add(int node, string what, long a = 0, long b = 0)
    {
        Mix((ulong)queue.Now.Ticks);
        Mix((ulong)(uint)node);
        foreach (var letter in what)
            Mix(letter);
        Mix((ulong)a);
        Mix((ulong)b);
        if (reader is not null)
            Say(node, $"{what} {Number(a)} {Number(b)}");
    }

    /// <summary>Text only.</summary>
    public void Say(int node, string text) => reader?.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{queue.Now.TotalMilliseconds,10:F3} {(node < 0 ? "world" : "node" + node),-6} {text}"));

    private static string Number(long value) => value is < 0 or > 9_999 ? $"0x{value:X}" : value.ToString(CultureInfo.InvariantCulture);

    private void Mix(ulong value)
    {
        // FNV-1a, a word at a time.
        _hash = unchecked((_hash ^ value) * 1_099_511_628_211);
        _hash ^= _hash >> 29;
    }
}

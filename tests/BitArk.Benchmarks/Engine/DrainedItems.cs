using System.Runtime.InteropServices;
using BitArk.Storage.Memory;
using BitArk.Storage.ReadTables;

namespace BitArk.Benchmarks.Engine;

/// <summary>Where a drainer puts a capture's blocks: one after the other if there is room for all, else each over the last one.</summary>
internal sealed unsafe class DrainedItems : IDisposable
{
    private readonly byte* _memory;
    private readonly nuint _bytes;
    private readonly bool _keeps;
    private nuint _length;

    public DrainedItems(long keptBytes)
    {
        _keeps = keptBytes > 0;
        _bytes = (nuint)Math.Max(keptBytes, CaptureBlock.MaxPayloadBytes);
        _memory = (byte*)NativeMemory.Alloc(_bytes);
        NativeMemory.Fill(_memory, _bytes, 1);
    }

    public void Add(ReadOnlySpan<byte> payload)
    {
        if (_bytes - _length < (nuint)payload.Length)
        {
            throw new InvalidOperationException("The capture holds more than its tables.");
        }

        payload.CopyTo(new Span<byte>(_memory + _length, payload.Length));
        _length += _keeps ? (nuint)payload.Length : 0;
    }

    public void RestoreTo(ReadTableRestore restore)
    {
        for (nuint at = 0; at < _length;)
        {
            var rest = new ReadOnlySpan<byte>(_memory + at, (int)Math.Min(_length - at, CaptureBlock.MaxPayloadBytes));
            var before = rest.Length;
            if (!CaptureBlock.TryReadItem(ref rest, out var region, out var offset, out var bytes))
            {
                throw new InvalidDataException("The capture holds something that is not an item.");
            }

            restore.Write(region, offset, bytes);
            at += (nuint)(before - rest.Length);
        }
    }

    public void Dispose() => NativeMemory.Free(_memory);
}

using System.Runtime.InteropServices;

namespace BitArk.Storage.Memory;

/// <summary>
/// The buffers of one capture, in one mapping that costs nothing until it is touched. Not of the managed heap, where the writer would
/// allocate up to a thousand pinned arrays of 64 KiB in the middle of its batches. Freed when the capture is over, or at the latest
/// when nobody refers to it any more.
/// </summary>
internal sealed unsafe class CaptureMemory : SafeHandle
{
    private readonly long _bytes;

    public CaptureMemory(long bytes)
        : base(0, ownsHandle: true)
    {
        _bytes = bytes;
        SetHandle((nint)Mmap.Map(bytes));
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The first byte. Whoever keeps it keeps this object, too.</summary>
    public byte* Address => (byte*)handle;

    protected override bool ReleaseHandle()
    {
        Mmap.Unmap((byte*)handle, _bytes);
        return true;
    }
}

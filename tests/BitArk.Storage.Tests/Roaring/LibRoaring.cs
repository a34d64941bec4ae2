using System.Runtime.InteropServices;

namespace BitArk.Storage.Tests.Roaring;

/// <summary>CRoaring, the C implementation (Debian: libroaring0), as an independent reader and writer of the 32-bit format.</summary>
internal static unsafe partial class LibRoaring
{
    private const string Name = "libroaring.so.0";

    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(Name, out _);

    /// <summary>The members that the library finds in the bytes; null when it refuses them.</summary>
    public static uint[]? Read(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint bitmap = DeserializeSafe(start, (nuint)bytes.Length);
            if (bitmap == 0)
            {
                return null;
            }

            uint[] members = new uint[(int)Cardinality(bitmap)];
            fixed (uint* into = members)
            {
                ToArray(bitmap, into);
            }

            Free(bitmap);
            return members;
        }
    }

    /// <summary>The bytes that the library writes for these members, optimised for runs or not.</summary>
    public static byte[] Write(ReadOnlySpan<uint> members, bool runs)
    {
        fixed (uint* values = members)
        {
            nint bitmap = OfValues((nuint)members.Length, values);
            if (runs)
            {
                RunOptimize(bitmap);
            }

            byte[] bytes = new byte[(int)SizeInBytes(bitmap)];
            fixed (byte* into = bytes)
            {
                Serialize(bitmap, into);
            }

            Free(bitmap);
            return bytes;
        }
    }

    [LibraryImport(Name, EntryPoint = "roaring_bitmap_portable_deserialize_safe")]
    private static partial nint DeserializeSafe(byte* bytes, nuint length);

    [LibraryImport(Name, EntryPoint = "roaring_bitmap_get_cardinality")]
    private static partial ulong Cardinality(nint bitmap);

    [LibraryImport(Name, EntryPoint = "roaring_bitmap_to_uint32_array")]
    private static partial void ToArray(nint bitmap, uint* into);

    [LibraryImport(Name, EntryPoint = "roaring_bitmap_of_ptr")]
    private static partial nint OfValues(nuint count, uint* values);

    [LibraryImport(Name, EntryPoint = "roaring_bitmap_run_optimize")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static partial bool RunOptimize(nint bitmap);

    [LibraryImport(Name, EntryPoint = "roaring_bitmap_portable_size_in_bytes")]
    private static partial nuint SizeInBytes(nint bitmap);

    [LibraryImport(Name, EntryPoint = "roaring_bitmap_portable_serialize")]
    private static partial nuint Serialize(nint bitmap, byte* into);

    [LibraryImport(Name, EntryPoint = "roaring_bitmap_free")]
    private static partial void Free(nint bitmap);
}

/// <summary>A test that needs CRoaring, and says so where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LibRoaringFactAttribute : FactAttribute
{
    public LibRoaringFactAttribute()
    {
        if (!LibRoaring.IsInstalled)
        {
            Skip = "libroaring.so.0 is not installed (Debian package libroaring0).";
        }
    }
}

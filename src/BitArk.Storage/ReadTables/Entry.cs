using System.Runtime.InteropServices;

namespace BitArk.Storage.ReadTables;

/// <summary>One read set in its shard: <c>user i64 | channel i64 | state u64</c>. State 0: the slot is empty.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct Entry
{
    public const int Size = 24;

    public long User;
    public long Channel;
    public ulong State;
}

using BitArk.Storage.Memory;
using BitArk.Storage.ReadSets;

namespace BitArk.Storage.Tests.ReadSets;

/// <summary>What a read set holds in its slab, counted from its own description.</summary>
internal static class Blocks
{
    /// <summary>Bytes of all its blocks, by the slab's size classes.</summary>
    public static long CountBytes(Slab slab, ulong state)
    {
        if (SetWord.IsCursor(state))
        {
            return 0;
        }

        if (SetWord.Form(state) != SetForm.Directory)
        {
            return Slab.RoundUp(ListEditor.BlockBytes(state));
        }

        long bytes = Slab.RoundUp(DirectoryEditor.BlockBytes(SetDirectory.Open(slab, state).Count));
        foreach (ChunkEntry entry in Entries(slab, state))
        {
            bytes += entry.Kind == ChunkKind.Span || entry.IsInline ? 0 : Slab.RoundUp(entry.Shape.BlockBytes(entry.Kind));
        }

        return bytes;
    }

    public static List<ChunkEntry> Entries(Slab slab, ulong state)
    {
        SetDirectory directory = SetDirectory.Open(slab, state);
        return [.. Enumerable.Range(0, directory.Count).Select(index => directory[index])];
    }
}

namespace BitArk.Storage.Snapshots;

/// <summary>A complete snapshot.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Lsn">The position it is exact at.</param>
/// <param name="Bytes">The length of the file.</param>
/// <param name="ReadSets">Read sets in it.</param>
/// <param name="Sessions">Sessions in it.</param>
/// <param name="Blocks">Blocks in the file.</param>
public sealed record SnapshotInfo(string Path, Lsn Lsn, long Bytes, long ReadSets, long Sessions, long Blocks);

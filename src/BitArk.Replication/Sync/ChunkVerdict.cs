namespace BitArk.Replication.Sync;

/// <summary>What to do with a chunk that arrived.</summary>
public enum ChunkVerdict
{
    /// <summary>Write it at its offset, then call <see cref="FullSyncPlan.Written"/>.</summary>
    Write = 0,

    /// <summary>Its checksum is wrong: count it; it alone is asked for again.</summary>
    AskAgain = 1,

    /// <summary>It is here already.</summary>
    Duplicate = 2,

    /// <summary>No chunk of this snapshot has that offset and length: break the stream, and resume.</summary>
    Misplaced = 3,
}

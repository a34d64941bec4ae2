namespace BitArk.Cluster.Leases;

/// <summary>What became of asking a majority whether one still leads.</summary>
internal enum LeaseAnswer
{
    /// <summary>It did when it was asked.</summary>
    Confirmed,

    /// <summary>The leadership is over: somebody else may lead already.</summary>
    Over,

    /// <summary>No majority answered within one lease, or the caller's deadline.</summary>
    NotInTime,
}

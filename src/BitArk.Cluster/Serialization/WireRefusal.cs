namespace BitArk.Cluster.Serialization;

/// <summary>Why a message between nodes was refused.</summary>
public enum WireRefusal
{
    /// <summary>Its manifest names no message of this version.</summary>
    UnknownManifest,

    /// <summary>Its bytes are not what its manifest says.</summary>
    BadBytes,

    /// <summary>It belongs to another cluster, or this node knows no cluster yet.</summary>
    ForeignCluster,

    /// <summary>Its type, or the serializer it came with, is none of those between nodes.</summary>
    UnregisteredType,

    /// <summary>It does not fit a frame.</summary>
    Oversized,

    /// <summary>It claims to come from a node that it does not come from.</summary>
    UnknownSender,
}

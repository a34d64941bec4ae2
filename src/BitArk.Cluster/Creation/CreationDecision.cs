namespace BitArk.Cluster.Creation;

/// <summary>What a node does next about the layout. Closed union.</summary>
internal abstract record CreationDecision
{
    private CreationDecision()
    {
    }

    /// <summary>Nothing until others come or speak; <paramref name="Text"/> tells an operator what is missing.</summary>
    public sealed record Wait(string Text) : CreationDecision;

    /// <summary>Make this durable, then tell the others.</summary>
    public sealed record Agree(ClusterMeta Meta) : CreationDecision;

    /// <summary>The layout is binding here and nobody contradicts.</summary>
    public sealed record Settled : CreationDecision;

    /// <summary>This node cannot belong to what it met; its process is to end.</summary>
    public sealed record Refuse(string Reason) : CreationDecision;
}

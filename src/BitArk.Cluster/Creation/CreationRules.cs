namespace BitArk.Cluster.Creation;

/// <summary>
/// How nodes with empty directories become one cluster: each looks at what is durable on all of them and takes one step.
/// Only states are exchanged, so a message may be lost, repeated or late.
/// <code>
///   (empty) --all expected nodes here, lowest name proposes--> Proposed --lowest name sees it on all--> Created
///   (empty) --a named node has a binding layout--------------> Joined
/// </code>
/// <list type="bullet">
/// <item>A layout binds only after it was durable on every node it names. So whoever is empty when one is binding lost its disk: it joins.</item>
/// <item>Only the lowest name proposes anew, and only when nobody holds a proposal; of several proposals all nodes take the one with the highest id.</item>
/// <item>A proposal is completed only with exactly the nodes it names.</item>
/// <item>An empty node agrees to a proposal only when it has heard all others that it names: whoever was bound with what this
/// one lost is among them, or lost its disk, too. Otherwise it could become a founder again, with a vote and nothing else.</item>
/// </list>
/// </summary>
internal static class CreationRules
{
    /// <summary>The next step of <paramref name="self"/>.</summary>
    /// <param name="self">This node.</param>
    /// <param name="others">The reachable others that have told their facts.</param>
    /// <param name="fresh">The identity of a cluster, should one be proposed now.</param>
    public static CreationDecision Decide(NodeFacts self, IReadOnlyCollection<NodeFacts> others, ClusterId fresh)
    {
        if (self.Meta is { IsBinding: true } mine)
            return Confirm(self, mine.Layout, others);

        var binding = others.Where(other => other.Meta is { IsBinding: true }).Select(other => other.Meta!.Layout).Distinct().ToList();
        if (binding.Count > 1)
            return new CreationDecision.Refuse($"two clusters meet here, {binding[0].ClusterId} and {binding[1].ClusterId}: check bitark.cluster.seed-nodes of all nodes");

        if (binding.Count == 1)
            return Enter(self, binding[0]);

        return Difference(self, others) is { } difference ? new CreationDecision.Wait(difference) : Create(self, others, fresh);
    }

    /// <summary>Why this node's name or settings do not fit a layout; null when they do.</summary>
    public static string? Misfit(NodeId name, LayoutTerms terms, ClusterLayout layout)
    {
        if (!layout.Names(name))
            return $"bitark.node-name = {name} is not one of cluster {layout.ClusterId}: its nodes are {Join(layout.Nodes)}";

        return terms.DifferenceFrom(layout.Terms) is { } difference
            ? $"{difference} as cluster {layout.ClusterId} was created with, and that is fixed at creation"
            : null;
    }

    private static CreationDecision Confirm(NodeFacts self, ClusterLayout layout, IReadOnlyCollection<NodeFacts> others)
    {
        var contradicting = others.FirstOrDefault(other => other.IsSenior && other.Meta is { IsBinding: true } meta && meta.Layout != layout);
        return contradicting is null
            ? new CreationDecision.Settled()
            : new CreationDecision.Refuse(
                $"this node belongs to cluster {layout.ClusterId}, but {contradicting.Name}, which was here before it, belongs to cluster {contradicting.Meta!.Layout.ClusterId}: check bitark.cluster.seed-nodes and bitark.data-dir of {self.Name}");
    }

    private static CreationDecision Enter(NodeFacts self, ClusterLayout layout)
    {
        if (Misfit(self.Name, self.Terms, layout) is { } misfit)
            return new CreationDecision.Refuse(misfit);

        // It agreed before the layout became binding, or it comes with nothing of what it may once have held.
        var stage = self.Meta?.Layout == layout ? LayoutStage.Created : LayoutStage.Joined;
        return new CreationDecision.Agree(new ClusterMeta(layout, stage));
    }

    private static CreationDecision Create(NodeFacts self, IReadOnlyCollection<NodeFacts> others, ClusterId fresh)
    {
        var present = others.Append(self).OrderBy(node => node.Name).ToList();
        if (present.Any(node => node.Meta is not null))
            return Complete(self, present);

        var names = present.ConvertAll(node => node.Name);
        if (names.Count < self.ExpectedNodes)
            return new CreationDecision.Wait($"waiting for nodes: have {Join(names)}; want {self.ExpectedNodes}");

        if (names.Count > self.ExpectedNodes)
            return new CreationDecision.Wait($"too many nodes: have {Join(names)}; bitark.cluster.expected-nodes is {self.ExpectedNodes}");

        return names[0] == self.Name
            ? new CreationDecision.Agree(new ClusterMeta(new ClusterLayout(fresh, self.Terms, names), LayoutStage.Proposed))
            : new CreationDecision.Wait($"waiting for {names[0]} to propose the cluster: have {Join(names)}");
    }

    private static CreationDecision Complete(NodeFacts self, List<NodeFacts> present)
    {
        var proposals = present.Where(node => node.Meta is not null).Select(node => node.Meta!.Layout).ToList();
        var layout = proposals.Where(proposal => proposal.Names(self.Name)).MaxBy(proposal => proposal.ClusterId.Value) ?? proposals[0];
        if (Misfit(self.Name, self.Terms, layout) is { } misfit)
            return new CreationDecision.Refuse(misfit);

        // It may have been created with a node of this name whose disk is gone, on nodes that are away: then this one is to join.
        var absent = layout.Nodes.Except(present.Select(node => node.Name)).ToList();
        if (self.Meta is null && absent.Count > 0)
            return new CreationDecision.Wait($"waiting for nodes: have {Join(present.Select(node => node.Name))}; want {layout.Nodes.Count}: whether cluster {layout.ClusterId} was created already, {Join(absent)} may know");

        if (self.Meta?.Layout != layout)
            return new CreationDecision.Agree(new ClusterMeta(layout, LayoutStage.Proposed));

        var missing = layout.Nodes.Except(present.Where(node => node.Meta?.Layout == layout).Select(node => node.Name)).ToList();
        if (missing.Count > 0)
            return new CreationDecision.Wait($"waiting for nodes: have {Join(present.Select(node => node.Name))}; want {layout.Nodes.Count}: {Join(missing)} must still agree to cluster {layout.ClusterId}");

        return layout.Nodes[0] == self.Name
            ? new CreationDecision.Agree(new ClusterMeta(layout, LayoutStage.Created))
            : new CreationDecision.Wait($"waiting for {layout.Nodes[0]} to complete cluster {layout.ClusterId}");
    }

    private static string? Difference(NodeFacts self, IReadOnlyCollection<NodeFacts> others)
    {
        foreach (var other in others.OrderBy(other => other.Name))
        {
            if (other.Terms.DifferenceFrom(self.Terms) is { } difference)
                return $"settings differ: at {other.Name} {difference} as here; make them equal and restart";

            if (other.ExpectedNodes != self.ExpectedNodes)
                return $"settings differ: at {other.Name} bitark.cluster.expected-nodes is {other.ExpectedNodes}, not {self.ExpectedNodes} as here; make them equal and restart";
        }

        return null;
    }

    private static string Join(IEnumerable<NodeId> nodes) => string.Join(", ", nodes);
}

namespace BitArk.Protocol;

/// <summary>
/// What a client session has seen: at most one <see cref="TokenEntry"/> per partition. Immutable. A request brings the
/// session's token, the reply's token covers it and what the call saw or wrote; sending the newest one back gives
/// read-your-writes and monotonic reads at any replica. The text form is in <c>SessionToken.Format.cs</c>.
/// </summary>
public sealed partial class SessionToken : IEquatable<SessionToken>
{
    private readonly TokenEntry[] _entries;

    private SessionToken(ClusterId clusterId, TokenEntry[] entries)
    {
        ClusterId = clusterId;
        _entries = entries;
    }

    /// <summary>The cluster whose history this is about.</summary>
    public ClusterId ClusterId { get; }

    /// <summary>The entries, ascending by partition.</summary>
    public ReadOnlySpan<TokenEntry> Entries => _entries;

    /// <summary>The token of a session that has seen nothing yet.</summary>
    public static SessionToken Empty(ClusterId clusterId) => new(clusterId, []);

    /// <summary>What the session has seen of a partition, if anything.</summary>
    public bool TryFind(PartitionId partition, out TokenEntry entry)
    {
        var index = IndexOf(partition);
        entry = index >= 0 ? _entries[index] : default;
        return index >= 0;
    }

    /// <summary>This token, covering one more entry too.</summary>
    public SessionToken With(TokenEntry entry)
    {
        var index = IndexOf(entry.Partition);
        if (index >= 0)
        {
            if (!entry.IsBeyond(_entries[index]))
                return this;

            var replaced = (TokenEntry[])_entries.Clone();
            replaced[index] = entry;
            return new SessionToken(ClusterId, replaced);
        }

        var at = ~index;
        var inserted = new TokenEntry[_entries.Length + 1];
        _entries.AsSpan(0, at).CopyTo(inserted);
        inserted[at] = entry;
        _entries.AsSpan(at).CopyTo(inserted.AsSpan(at + 1));
        return new SessionToken(ClusterId, inserted);
    }

    /// <summary>The smallest token that covers both: per partition the greater (epoch, position).</summary>
    /// <exception cref="ArgumentException">The other token is of another cluster; positions of two clusters cannot be compared.</exception>
    public SessionToken Merge(SessionToken other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.ClusterId != ClusterId)
            throw new ArgumentException($"A token of cluster {other.ClusterId} cannot be merged into one of cluster {ClusterId}.", nameof(other));

        var merged = this;
        foreach (ref readonly var entry in other.Entries)
            merged = merged.With(entry);
        return merged;
    }

    /// <inheritdoc/>
    public bool Equals(SessionToken? other) =>
        other is not null && ClusterId == other.ClusterId && Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SessionToken);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(ClusterId);
        foreach (ref readonly var entry in Entries)
            hash.Add(entry);
        return hash.ToHashCode();
    }

    /// <summary>The index of a partition's entry, or the complement of where it would be.</summary>
    private int IndexOf(PartitionId partition)
    {
        int low = 0, high = _entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var at = _entries[middle].Partition.Value;
            if (at == partition.Value)
                return middle;
            if (at < partition.Value)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }
}

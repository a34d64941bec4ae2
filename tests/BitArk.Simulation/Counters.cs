using System.Text.Json.Serialization;

namespace BitArk.Simulation;

/// <summary>What a run met. A batch in which one of the required ones stays zero has not tested it.</summary>
internal sealed class Counters
{
    public long Lost { get; set; }

    public long Repeated { get; set; }

    public long WireFlips { get; set; }

    public long WireFlipsFound { get; set; }

    public long DiskFlips { get; set; }

    public long DiskFlipsFound { get; set; }

    public long Truncations { get; set; }

    public long Nacks { get; set; }

    public long Dedupes { get; set; }

    public long FullSyncs { get; set; }

    public long ResumedTransfers { get; set; }

    public long TornTails { get; set; }

    public long GcDeletions { get; set; }

    public long LeaderChanges { get; set; }

    public long Coordinators { get; set; }

    public long HandOvers { get; set; }

    public long HandedOver { get; set; }

    public long LostDisks { get; set; }

    public long LostReplicas { get; set; }

    /// <summary>Snapshots found bad when a follower that had fetched them asked again.</summary>
    public long RottenOffers { get; set; }

    public long LeaseReads { get; set; }

    public long QuorumReads { get; set; }

    public long ReadsRefused { get; set; }

    public long PromisesRefused { get; set; }

    public long Crashes { get; set; }

    public long FailedSyncs { get; set; }

    public long Snapshots { get; set; }

    public long Acknowledged { get; set; }

    public long Outdated { get; set; }

    /// <summary>Those that may not be zero over 1,000 seeds.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, long Value)> Required =>
    [
        ("truncations", Truncations),
        ("nacks", Nacks),
        ("dedupes", Dedupes),
        ("full-syncs", FullSyncs),
        ("resumed-transfers", ResumedTransfers),
        ("torn-tails", TornTails),
        ("gc-deletions", GcDeletions),
        ("leader-changes", LeaderChanges),
        ("promises-refused", PromisesRefused),
        ("coordinators", Coordinators),
        ("hand-overs", HandOvers),
        ("handed-over", HandedOver),
        ("lost-disks", LostDisks),
        ("lease-reads", LeaseReads),
        ("quorum-reads", QuorumReads),
        ("reads-refused", ReadsRefused),
        ("wire-flips-found", WireFlipsFound),
        ("disk-flips-found", DiskFlipsFound),
        ("rotten-offers", RottenOffers),
    ];

    /// <summary>The rest, for a feeling of what went on.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, long Value)> Others =>
    [
        ("acknowledged", Acknowledged),
        ("crashes", Crashes),
        ("failed-syncs", FailedSyncs),
        ("snapshots", Snapshots),
        ("outdated", Outdated),
        ("lost", Lost),
        ("repeated", Repeated),
        ("wire-flips", WireFlips),
        ("disk-flips", DiskFlips),
        ("lost-replicas", LostReplicas),
    ];

    /// <summary>Adds another run's.</summary>
    public void Add(Counters other)
    {
        foreach (var property in typeof(Counters).GetProperties())
        {
            if (property is { PropertyType.FullName: "System.Int64", CanWrite: true })
                property.SetValue(this, (long)property.GetValue(this)! + (long)property.GetValue(other)!);
        }
    }
}

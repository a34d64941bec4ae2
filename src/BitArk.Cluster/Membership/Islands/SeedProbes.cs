using Akka.Actor;

namespace BitArk.Cluster.Membership;

/// <summary>
/// When which seed is asked: often while it answers, less and less often while it does not, since each call in vain is a line in the
/// log of the transport. One thread.
/// </summary>
internal sealed class SeedProbes
{
    /// <summary>Between two questions to one that answers.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(2);

    /// <summary>Between two questions to one that does not, at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly Dictionary<Address, Pace> _paces = [];

    /// <summary>Whom to ask now; each call counts as asking.</summary>
    public IReadOnlyList<Address> Due(IEnumerable<Address> seeds, TimeSpan now)
    {
        var due = seeds.Where(seed => !_paces.TryGetValue(seed, out var pace) || now >= pace.NextAt).ToList();
        foreach (var seed in due)
        {
            var pause = _paces.TryGetValue(seed, out var pace) ? TimeSpan.FromTicks(Math.Min(Longest.Ticks, pace.Pause.Ticks * 2)) : First;
            _paces[seed] = new Pace(pause, now + pause);
        }

        return due;
    }

    /// <summary>One of them said something.</summary>
    public void Heard(Address seed, TimeSpan now)
    {
        if (_paces.TryGetValue(seed, out var pace))
            _paces[seed] = new Pace(First, pace.NextAt < now + First ? pace.NextAt : now + First);
    }

    private readonly record struct Pace(TimeSpan Pause, TimeSpan NextAt);
}

namespace BitArk.Replication;

/// <summary>
/// The nonce of a <see cref="Messages.PullFrom"/>: which run of the follower asks (random, upper 32 bits, never 0) and how
/// often it has asked (lower 32 bits, from 1). Two of one run can be put in order; of two runs nobody can tell which came
/// later, no clock being trusted, so a question of another run counts as new.
/// </summary>
internal readonly record struct PullNonce(long Value)
{
    private const int CountBits = 32;

    /// <summary>Before the first question of a run.</summary>
    public static PullNonce NewRun(Random random) => new((long)random.Next(1, int.MaxValue) << CountBits);

    /// <summary>The next question of the same run. A run that has asked 2^32 times goes on as another run.</summary>
    public PullNonce Next() => new(Value + 1);

    /// <summary>Whether this question was asked before that one, or is that one, repeated on the way.</summary>
    public bool IsNotNewerThan(PullNonce newest) => Value >> CountBits == newest.Value >> CountBits && Value <= newest.Value;
}

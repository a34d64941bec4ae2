namespace BitArk.Cluster.Bitmap;

// Checksums at exact positions, for comparing replicas. Applying waits while one is computed: a look at all of memory.
internal sealed partial class BitmapActor
{
    /// <summary>More at a time are refused: each holds up everybody's writes.</summary>
    private const int MaxDigests = 4;

    private readonly List<BitmapProtocol.DigestAt> _digests = [];

    private void OnDigest(BitmapProtocol.DigestAt digest)
    {
        _digests.RemoveAll(waiting => waiting.Cancellation.IsCancellationRequested);
        var applied = _state.LastAppliedLsn;
        if (digest.At == Lsn.Zero || digest.At == applied)
            digest.Compute(_state);
        else if (digest.At < applied)
            digest.Answer.TrySetResult(new DigestOutcome.Passed(applied));
        else if (_digests.Count >= MaxDigests)
            digest.Answer.TrySetResult(new DigestOutcome.Unavailable("too many checksums are waited for"));
        else
            _digests.Add(digest);
    }

    // After each record, and nothing but one comparison while nobody waits.
    private void AnswerDigests()
    {
        if (_digests.Count == 0)
            return;

        var applied = _state.LastAppliedLsn;
        for (var i = _digests.Count - 1; i >= 0; i--)
        {
            var digest = _digests[i];
            if (digest.At > applied)
                continue;

            // It is waited for until it has been answered, by this or by what fails here.
            if (!digest.Cancellation.IsCancellationRequested)
                digest.Compute(_state);
            _digests.RemoveAt(i);
        }
    }

    // The first position behind this one that a checksum is waited for at.
    private Lsn NextDigest(Lsn from)
    {
        var next = new Lsn(long.MaxValue);
        foreach (var digest in _digests)
        {
            if (digest.At > from)
                next = Lsn.Min(next, digest.At);
        }

        return next;
    }

    private void RefuseDigests(string reason)
    {
        foreach (var digest in _digests)
            digest.Answer.TrySetResult(new DigestOutcome.Unavailable(reason));

        _digests.Clear();
    }
}

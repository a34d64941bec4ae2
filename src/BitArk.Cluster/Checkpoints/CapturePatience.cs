namespace BitArk.Cluster.Checkpoints;

/// <summary>
/// How long a batch may wait for a snapshot's disk before the snapshot is given up. Short at first, since callers wait that long for their
/// answers; twice as long after every try that was given up, so that a disk that stalls often gets its snapshot in the end; short again once one was written.
/// </summary>
internal sealed class CapturePatience
{
    /// <summary>At the first try.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);

    /// <summary>From the fifth try on: a third of the default deadline of a call.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromMilliseconds(1600);

    /// <summary>For the next try.</summary>
    public TimeSpan Current { get; private set; } = Least;

    /// <summary>A capture was given up because the writer had waited as long as it was allowed to.</summary>
    public void GivenUp() => Current = Current * 2 < Most ? Current * 2 : Most;

    /// <summary>A snapshot was written. Other failures say nothing about the disk's pace and change nothing.</summary>
    public void Succeeded() => Current = Least;
}

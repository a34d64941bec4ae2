namespace BitArk.Cluster.Tests.Hosting;

/// <summary>An end of the process that only takes note.</summary>
internal sealed class RecordedExit : IProcessExit
{
    public int? Code { get; private set; }

    int IProcessExit.Code
    {
        set => Code = value;
    }

    public TimeSpan? Bound { get; private set; }

    public void ExitWithin(TimeSpan bound) => Bound = bound;
}

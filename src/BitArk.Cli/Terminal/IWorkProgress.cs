namespace BitArk.Cli.Terminal;

/// <summary>How far a long piece of work has come, in whatever unit it counts. Cheap enough to call often; any thread.</summary>
internal interface IWorkProgress
{
    /// <summary><paramref name="done"/> of <paramref name="total"/> units are done.</summary>
    void Report(long done, long total);
}

/// <summary>Nobody watches.</summary>
internal sealed class NoProgress : IWorkProgress
{
    public static readonly NoProgress Instance = new();

    public void Report(long done, long total)
    {
    }
}

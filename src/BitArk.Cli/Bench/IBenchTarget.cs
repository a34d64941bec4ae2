namespace BitArk.Cli.Bench;

/// <summary>What is put under load. Calls come from many callers at once; each caller has one call under way.</summary>
internal interface IBenchTarget : IAsyncDisposable
{
    /// <summary>The target in the words of the report.</summary>
    TargetFacts Facts { get; }

    /// <summary>Marks; completes when all are durable, committed and applied.</summary>
    ValueTask<CallResult> WriteAsync(int caller, ReadOnlyMemory<MarkOperation> operations, CancellationToken cancellation);

    /// <summary>Looks one id up.</summary>
    ValueTask<CallResult> IsReadAsync(int caller, UserId user, ChannelId channel, long message, CancellationToken cancellation);

    /// <summary>Looks many ids of one read set up.</summary>
    ValueTask<CallResult> AreReadAsync(int caller, UserId user, ChannelId channel, ReadOnlyMemory<long> messages, CancellationToken cancellation);
}

/// <summary>How a call ended.</summary>
/// <param name="Failure">The reason it failed for, such as <c>OVERLOADED</c>; null: it succeeded.</param>
internal readonly record struct CallResult(string? Failure)
{
    /// <summary>A call that did what it should.</summary>
    public static readonly CallResult Done;
}

/// <summary>What a report must say about its target.</summary>
/// <param name="Name">Kind and place.</param>
/// <param name="Partitions">Independent logs.</param>
/// <param name="Durability">What has happened to an acknowledged mark.</param>
/// <param name="Data">Where the log lies, and on which file system; empty when the node alone knows.</param>
internal sealed record TargetFacts(string Name, int Partitions, string Durability, string Data);

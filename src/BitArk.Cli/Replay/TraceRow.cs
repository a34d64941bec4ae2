namespace BitArk.Cli.Replay;

/// <summary>What a line of a read trace says.</summary>
internal enum TraceKind : byte
{
    /// <summary>A message was posted; its id is <see cref="TraceRow.From"/> = <see cref="TraceRow.To"/>, dense per channel.</summary>
    Post,

    /// <summary>A user has read the messages <see cref="TraceRow.From"/> … <see cref="TraceRow.To"/>.</summary>
    Read,
}

/// <summary>One line of a read trace.</summary>
internal readonly record struct TraceRow(long UnixSeconds, long Channel, long User, TraceKind Kind, long From, long To);

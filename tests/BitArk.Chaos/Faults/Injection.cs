namespace BitArk.Chaos.Faults;

/// <summary>One fault at the N-th call of one system call.</summary>
/// <param name="Call">The system call.</param>
/// <param name="What">What strace does at it: <c>error=EIO</c>, <c>retval=0</c>, <c>signal=SIGKILL</c>.</param>
/// <param name="At">Which call of the thread, counted from 1.</param>
internal sealed record Injection(string Call, string What, int At)
{
    /// <summary>Whether the process dies at the call.</summary>
    public bool Kills => What.StartsWith("signal=", StringComparison.Ordinal);

    /// <summary>Whether the kernel only says that it wrote a part or nothing: a writer may start over.</summary>
    public bool MaySucceed => What is Faults.Short or Faults.Nothing;

    /// <summary>The option for strace.</summary>
    public string Option => $"inject={Call}:{What}:when={At}";

    /// <inheritdoc/>
    public override string ToString() => $"{What} at {Call} #{At}";

    /// <summary>What is injected.</summary>
    public static class Faults
    {
        /// <summary>The device failed.</summary>
        public const string InputOutput = "error=EIO";

        /// <summary>The device is full.</summary>
        public const string NoSpace = "error=ENOSPC";

        /// <summary>A write that writes nothing and names no error.</summary>
        public const string Nothing = "retval=0";

        /// <summary>A write that says ten bytes.</summary>
        public const string Short = "retval=10";

        /// <summary>The process dies on entering the call.</summary>
        public const string Kill = "signal=SIGKILL";
    }
}

namespace BitArk.Storage.Sessions;

/// <summary>What a session's sequence means when its record is applied.</summary>
public enum SessionDecision
{
    /// <summary>Not applied before: apply it, then record what it changed.</summary>
    Apply,

    /// <summary>Applied before: change nothing, answer what was recorded.</summary>
    Repeat,

    /// <summary>Below what is remembered: whether it was applied is not known, so change nothing.</summary>
    Expired,
}

namespace BitArk.Protocol;

/// <summary>Why a text is not a token. Tokens are opaque to clients, so any of these means that it was damaged or made up.</summary>
public enum TokenFailure
{
    /// <summary>It is a token.</summary>
    None = 0,

    /// <summary>Longer than <see cref="SessionToken.MaxTextLength"/>.</summary>
    TooLong,

    /// <summary>Not base64url without padding, or with bits set that no byte uses.</summary>
    NotBase64Url,

    /// <summary>Ends before its cluster id or inside an entry.</summary>
    Truncated,

    /// <summary>A version this build does not know.</summary>
    UnknownVersion,

    /// <summary>A number that is negative, too large, or not in its shortest form.</summary>
    BadNumber,

    /// <summary>Partitions repeat or do not ascend.</summary>
    NotSorted,
}

namespace BitArk.Node.Requests;

/// <summary>A caller's own text inside an error: a status line and a trailer have little room.</summary>
internal static class Echo
{
    private const int MaxLength = 64;

    /// <summary>The text, shortened when it is long.</summary>
    public static string Of(string text)
    {
        if (text.Length <= MaxLength)
            return text;

        // Half a surrogate pair cannot be encoded.
        var end = char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return text[..end] + "…";
    }
}

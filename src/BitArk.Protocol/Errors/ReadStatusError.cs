namespace BitArk.Protocol;

/// <summary>One failed call or one failed operation of a batch: what, in words, and the facts a program can act on.</summary>
/// <param name="Reason">Which of the closed set.</param>
/// <param name="Message">A sentence for people; says what to do where there is something.</param>
/// <param name="Metadata">Facts by name, such as <c>field</c> or <c>leader</c>.</param>
public sealed record ReadStatusError(ErrorReason Reason, string Message, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>An error without facts.</summary>
    public ReadStatusError(ErrorReason reason, string message)
        : this(reason, message, new Dictionary<string, string>())
    {
    }

    /// <summary>An error with one fact.</summary>
    public ReadStatusError(ErrorReason reason, string message, string key, string value)
        : this(reason, message, new Dictionary<string, string> { [key] = value })
    {
    }

    /// <summary>A request that can never succeed as it is.</summary>
    /// <param name="field">The path of the field in the request, such as <c>operations[3].user</c>.</param>
    /// <param name="message">What is wrong with it.</param>
    public static ReadStatusError Invalid(string field, string message) =>
        new(ErrorReason.InvalidArgument, $"{field}: {message}", "field", field);

    /// <summary>The form in which one operation of a batch fails.</summary>
    public V1.Error ToMessage()
    {
        var error = new V1.Error { Reason = Reason.Name, Message = Message };
        foreach (var (key, value) in Metadata)
            error.Metadata.Add(key, value);
        return error;
    }
}

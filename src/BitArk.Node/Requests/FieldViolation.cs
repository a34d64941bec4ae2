using BitArk.Protocol;

namespace BitArk.Node.Requests;

/// <summary>Why a request is refused before anything is looked up or written.</summary>
/// <param name="Field">The path of the offending field in the JSON names of the contract, such as <c>operations[3].user</c>.</param>
/// <param name="Message">What is wrong with it.</param>
internal readonly record struct FieldViolation(string Field, string Message)
{
    /// <summary>The same violation seen from the message that holds the offending one. Paths are built only when there is something to report.</summary>
    public FieldViolation Under(string parent, int index) => new($"{parent}[{index}].{Field}", Message);

    /// <summary>The same violation seen from the message that holds the offending one.</summary>
    public FieldViolation Under(string parent) => new($"{parent}.{Field}", Message);

    /// <summary>The form in which a caller gets it.</summary>
    public ReadStatusError ToError() => ReadStatusError.Invalid(Field, Message);
}

using BitArk.Protocol;
using BitArk.Protocol.V1;
using Google.Protobuf.Collections;

namespace BitArk.Node.Requests;

/// <summary>The rules that several requests share. Each answers null when the value keeps it.</summary>
internal static class Check
{
    /// <summary>A required id: present and within bounds; absence is never zero.</summary>
    public static FieldViolation? RequiredId(bool present, long id, string field) =>
        present ? Id(id, field) : new FieldViolation(field, "is required");

    /// <summary>An id within bounds.</summary>
    public static FieldViolation? Id(long id, string field) =>
        Ids.IsValid(id) ? null : new FieldViolation(field, $"must be 0 … {Ids.Max} but is {id}");

    /// <summary>Ids of a list; the path names the first offending one.</summary>
    public static FieldViolation? AllIds(RepeatedField<long> ids, string field)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            if (!Ids.IsValid(ids[i]))
                return Id(ids[i], $"{field}[{i}]");
        }

        return null;
    }

    /// <summary>Ranges of a list: ends within bounds and in order.</summary>
    public static FieldViolation? AllRanges(RepeatedField<Protocol.V1.Range> ranges, string field)
    {
        for (var i = 0; i < ranges.Count; i++)
        {
            var range = ranges[i];
            var violation = Id(range.From, "from") ?? Id(range.To, "to");
            if (violation is null && range.From > range.To)
                violation = new FieldViolation("from", $"must not exceed to, but {range.From} > {range.To}");
            if (violation is { } found)
                return found.Under(field, i);
        }

        return null;
    }

    /// <summary>The end of "everything up to": the range 1 … upTo must not be empty.</summary>
    public static FieldViolation? UpTo(bool present, long upTo)
    {
        if (!present)
            return null;
        return upTo == 0 ? new FieldViolation("upTo", "must be at least 1: the range 1 … upTo is empty") : Id(upTo, "upTo");
    }

    /// <summary>At most <see cref="RequestLimits.MaxItems"/> of something in one request.</summary>
    public static FieldViolation? Count(long count, string field) =>
        count <= RequestLimits.MaxItems
            ? null
            : new FieldViolation(field, $"at most {RequestLimits.MaxItems} items in one request, but there are {count}");

    /// <summary>A consistency of the contract; TOKEN needs a token.</summary>
    public static FieldViolation? Consistency(Consistency consistency, string token) => consistency switch
    {
        Protocol.V1.Consistency.Leader or Protocol.V1.Consistency.Any => null,
        Protocol.V1.Consistency.Token when token.Length > 0 => null,
        Protocol.V1.Consistency.Token => new FieldViolation("token", "is required when consistency is TOKEN"),
        _ => new FieldViolation("consistency", $"must be LEADER, TOKEN or ANY but is {(int)consistency}"),
    };

    /// <summary>Session and sequence come together, both at least 1.</summary>
    public static FieldViolation? Session(bool hasSession, long session, bool hasSequence, long sequence)
    {
        if (!hasSession && !hasSequence)
            return null;
        if (!hasSession)
            return new FieldViolation("session", "is required with sequence");
        if (!hasSequence)
            return new FieldViolation("sequence", "is required with session");
        if (session is < 1 or > Ids.Max)
            return new FieldViolation("session", $"must be 1 … {Ids.Max} but is {session}");
        return sequence is < 1 or > Ids.Max
            ? new FieldViolation("sequence", $"must be 1 … {Ids.Max} but is {sequence}")
            : null;
    }
}

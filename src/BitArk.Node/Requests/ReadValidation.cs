using BitArk.Protocol;
using BitArk.Protocol.V1;

namespace BitArk.Node.Requests;

/// <summary>Validates reads. Pure; each answers null when the request may be looked up.</summary>
internal static class ReadValidation
{
    /// <summary>One message of one read set.</summary>
    public static FieldViolation? Validate(IsReadRequest request, NamespaceTable namespaces, out ReadSetKey key) =>
        Target(namespaces, request.Namespace, request.HasUser, request.User, request.HasChannel, request.Channel, out key)
        ?? Check.RequiredId(request.HasMessage, request.Message, "message")
        ?? Check.Consistency(request.Consistency, request.Token);

    /// <summary>Many messages of one user.</summary>
    public static FieldViolation? Validate(AreReadRequest request, NamespaceTable namespaces, out NamespaceId ns)
    {
        var violation = namespaces.Resolve(request.Namespace, out ns)
            ?? Check.RequiredId(request.HasUser, request.User, "user")
            ?? Check.Count(request.Items.Count, "items");
        if (violation is not null)
            return violation;

        var total = 0L;
        for (var i = 0; i < request.Items.Count; i++)
        {
            var item = request.Items[i];
            total += item.Messages.Count;
            violation = Check.RequiredId(item.HasChannel, item.Channel, "channel")
                ?? Check.Count(total, "messages")
                ?? Check.AllIds(item.Messages, "messages");
            if (violation is { } found)
                return found.Under("items", i);
        }

        return Check.Consistency(request.Consistency, request.Token);
    }

    /// <summary>One read set as a whole; exports use it too.</summary>
    public static FieldViolation? Validate(ReadStateRequest request, NamespaceTable namespaces, out ReadSetKey key)
    {
        var violation = Target(namespaces, request.Namespace, request.HasUser, request.User, request.HasChannel, request.Channel, out key);
        if (violation is null && request.HasHead)
            violation = Check.Id(request.Head, "head");
        if (violation is null && request.MaxRanges is < 0 or > RequestLimits.MaxRanges)
            violation = new FieldViolation("maxRanges", $"must be 0 … {RequestLimits.MaxRanges} but is {request.MaxRanges}");
        return violation ?? Check.Consistency(request.Consistency, request.Token);
    }

    /// <summary>Unread counts of many channels of one user.</summary>
    public static FieldViolation? Validate(UnreadRequest request, NamespaceTable namespaces, out NamespaceId ns)
    {
        var violation = namespaces.Resolve(request.Namespace, out ns)
            ?? Check.RequiredId(request.HasUser, request.User, "user")
            ?? Check.Count(request.Channels.Count, "channels");
        if (violation is not null)
            return violation;

        for (var i = 0; i < request.Channels.Count; i++)
        {
            var channel = request.Channels[i];
            violation = Check.RequiredId(channel.HasChannel, channel.Channel, "channel")
                ?? Check.RequiredId(channel.HasHead, channel.Head, "head");
            if (violation is { } found)
                return found.Under("channels", i);
        }

        return Check.Consistency(request.Consistency, request.Token);
    }

    /// <summary>Which of many users read one message.</summary>
    public static FieldViolation? Validate(ReadersRequest request, NamespaceTable namespaces, out NamespaceId ns) =>
        namespaces.Resolve(request.Namespace, out ns)
        ?? Check.RequiredId(request.HasChannel, request.Channel, "channel")
        ?? Check.RequiredId(request.HasMessage, request.Message, "message")
        ?? Check.Count(request.Users.Count, "users")
        ?? Check.AllIds(request.Users, "users")
        ?? Check.Consistency(request.Consistency, request.Token);

    private static FieldViolation? Target(
        NamespaceTable namespaces, string name, bool hasUser, long user, bool hasChannel, long channel, out ReadSetKey key)
    {
        var violation = namespaces.Resolve(name, out var ns)
            ?? Check.RequiredId(hasUser, user, "user")
            ?? Check.RequiredId(hasChannel, channel, "channel");
        key = new ReadSetKey(ns, new UserId(user), new ChannelId(channel));
        return violation;
    }
}

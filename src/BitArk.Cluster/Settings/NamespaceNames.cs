using System.Globalization;

namespace BitArk.Cluster;

/// <summary>Reads <c>bitark.namespaces</c>: distinct 16-bit ids by name.</summary>
internal static class NamespaceNames
{
    private const string Key = "namespaces";
    private const string Default = "default";

    public static IReadOnlyDictionary<string, NamespaceId> From(HoconReader reader)
    {
        var byName = new Dictionary<string, NamespaceId>(StringComparer.Ordinal);
        foreach (var (name, text) in reader.Map(Key))
        {
            if (!NodeNames.IsValid(name))
                reader.Refuse(Key, name, $"a name of {NodeNames.Allowed} is allowed");
            else if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                reader.Refuse($"{Key}.{name}", text, $"an id from 0 to {ushort.MaxValue} is allowed");
            else if (name == Default && id != 0)
                reader.Refuse($"{Key}.{name}", text, "only 0 is allowed: it is the namespace of callers who name none");
            else if (byName.FirstOrDefault(known => known.Value.Value == id).Key is { } taken)
                reader.Refuse($"{Key}.{name}", text, $"an id of its own is allowed; {taken} has this one");
            else
                byName.Add(name, new NamespaceId(id));
        }

        return byName;
    }
}

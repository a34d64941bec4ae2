using Akka.Configuration;

namespace BitArk.Cluster;

/// <summary>Finds <c>bitark.*</c> keys that do not exist, and the one that was probably meant.</summary>
internal sealed class KnownKeys
{
    private const string Root = "bitark";

    /// <summary>Below these the operator chooses the names.</summary>
    private static readonly string[] OpenPrefixes = ["bitark.namespaces.", "bitark.dispatchers.", "bitark.mailboxes."];

    private readonly HashSet<string> _leaves;
    private readonly HashSet<string> _sections = new(StringComparer.Ordinal);

    public KnownKeys(Config reference)
    {
        _leaves = HoconText.Leaves(reference.Root.GetObject()).Select(leaf => leaf.Path).Where(IsOurs).ToHashSet(StringComparer.Ordinal);
        foreach (var leaf in _leaves)
        {
            for (var dot = leaf.LastIndexOf('.'); dot > 0; dot = leaf.LastIndexOf('.', dot - 1))
                _sections.Add(leaf[..dot]);
        }
    }

    /// <summary>One problem per unknown key of a source.</summary>
    public IEnumerable<string> ProblemsOf(Config config, string source)
    {
        if (config.IsEmpty || !config.Root.IsObject())
            yield break;

        foreach (var (path, value) in HoconText.Leaves(config.Root.GetObject()))
        {
            if (!IsOurs(path) || _leaves.Contains(path) || Array.Exists(OpenPrefixes, p => path.StartsWith(p, StringComparison.Ordinal)))
                continue;

            if (!_sections.Contains(path))
                yield return $"{source}: {path} is not a key; did you mean {Nearest(path)}?";
            else if (!value.IsObject())
                yield return $"{source}: {path} is a section, not a key: give one of {string.Join(", ", _leaves.Where(leaf => leaf.StartsWith(path + ".", StringComparison.Ordinal)).Order(StringComparer.Ordinal))}";
        }
    }

    /// <summary>The key with the fewest edits from <paramref name="path"/>.</summary>
    public string Nearest(string path) => _leaves.OrderBy(leaf => Distance(leaf, path)).ThenBy(leaf => leaf, StringComparer.Ordinal).First();

    private static bool IsOurs(string path) => path == Root || path.StartsWith(Root + ".", StringComparison.Ordinal);

    /// <summary>Levenshtein's edit distance, one row at a time.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}

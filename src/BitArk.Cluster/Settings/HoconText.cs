using System.Diagnostics;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace BitArk.Cluster;

/// <summary>Parses HOCON from outside so that whatever is in it ends in a message, never in a stack trace or a hang.</summary>
internal static class HoconText
{
    /// <summary>A real file parses in milliseconds. Akka's parser loops for ever on some malformed input, such as an unquoted <c>[::1]</c>.</summary>
    private static readonly TimeSpan ParseBound = TimeSpan.FromSeconds(5);

    /// <summary>Deeper than any key; a substitution of a key by itself nests without end.</summary>
    private const int MaxDepth = 24;

    /// <summary>Parses one source.</summary>
    /// <param name="text">HOCON.</param>
    /// <param name="source">Where it came from, for messages: a file name or the argument.</param>
    public static Config Parse(string text, string source)
    {
        var parsing = new TaskCompletionSource<Config>();
        var thread = new Thread(() => ParseInto(text, parsing)) { IsBackground = true, Name = "hocon-parser" };
        thread.Start();
        try
        {
            if (!parsing.Task.Wait(ParseBound))
                throw new SettingsException($"{source}: not HOCON: a quote or a bracket is missing, or a value with ':' or '=' is not in quotes");

            return parsing.Task.Result;
        }
        catch (AggregateException e)
        {
            var reason = e.InnerException!.Message.ReplaceLineEndings(" ").Trim();
            throw new SettingsException($"{source}: not HOCON: {reason}");
        }
    }

    /// <summary>
    /// A value from a command line as HOCON. What HOCON writes with brackets, quotes or <c>${…}</c> is HOCON; all else is text and stays as it is: a path
    /// with <c>//</c> would end there as a comment, one with <c>:</c> or <c>=</c> would be refused.
    /// </summary>
    public static string Literal(string value)
    {
        var text = value.Trim();
        if (text is ['[' or '{' or '"', ..] or ['$', '{', ..])
            return value;

        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
        return $"\"{escaped}\"";
    }

    /// <summary>Every leaf below an object with its full path, arrays being leaves; also empty objects and keys without a value.</summary>
    public static IEnumerable<(string Path, HoconValue Value)> Leaves(HoconObject root, string prefix = "", int depth = 0)
    {
        foreach (var (key, value) in root.Items)
        {
            var path = prefix + key;
            if (value.IsObject() && depth < MaxDepth && value.GetObject().Items.Count > 0)
            {
                foreach (var leaf in Leaves(value.GetObject(), path + ".", depth + 1))
                    yield return leaf;
            }
            else
            {
                yield return (path, value);
            }
        }
    }

    private static void ParseInto(string text, TaskCompletionSource<Config> parsing)
    {
        try
        {
            parsing.SetResult(ConfigurationFactory.ParseString(text));
        }
        catch (Exception e) when (e is not UnreachableException)
        {
            parsing.SetException(e);
        }
    }
}

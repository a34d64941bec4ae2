using Microsoft.Data.Sqlite;

namespace BitArk.Cluster.Guards;

/// <summary>
/// Which errors of the journal say that its content is bad, so that promises are lost. All others (too many open files, no
/// permission, a full or failing device, a time-out) say nothing of it: the process must end, and the next start reads again.
/// </summary>
internal static class GuardErrors
{
    // https://www.sqlite.org/rescode.html. The last is an EIO of the device on reading: reading again gives the same.
    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const int CorruptFileSystem = 10 | (33 << 8);

    /// <summary>Whether it, or what caused it, is about the content.</summary>
    public static bool IsAboutContent(Exception? error) => error switch
    {
        null => false,
        GuardEventException => true,
        SqliteException { SqliteErrorCode: Corrupt or NotADatabase } => true,
        SqliteException { SqliteExtendedErrorCode: CorruptFileSystem } => true,
        AggregateException several => several.InnerExceptions.Any(IsAboutContent),
        _ => IsAboutContent(error.InnerException),
    };

    /// <summary>The cause itself, without what it was wrapped in on its way, in one line.</summary>
    public static string Describe(Exception error)
    {
        while (error is AggregateException { InnerException: { } inner })
            error = inner;
        return error.Message.ReplaceLineEndings(" ").Trim();
    }
}

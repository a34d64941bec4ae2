using BitArk.Storage.Replica;
using Microsoft.Data.Sqlite;

namespace BitArk.Cluster.Guards;

/// <summary>
/// Where the guards of a node keep their events: one SQLite database, behind one journal of Akka.Persistence. Nothing of it
/// is loaded before the first guard starts.
/// </summary>
/// <param name="PluginId">The path of the journal's settings in the ActorSystem's configuration.</param>
internal sealed record GuardJournal(string PluginId)
{
    /// <summary>The dispatcher of everything that calls SQLite, which blocks.</summary>
    public const string Dispatcher = "bitark.dispatchers.guard";

    // Longer than any healthy disk takes, and than the first call of a process that loads all of it on a busy machine.
    private const string Patience = "30s";

    /// <summary>A node's.</summary>
    public static readonly GuardJournal OfNode = new("akka.persistence.journal.bitark-guards");

    /// <summary>Of what the guard of a replica keeps its promises.</summary>
    public static string PersistenceIdOf(ClusterId cluster, PartitionId partition) => $"guard-{cluster}-{partition}";

    /// <summary>The connection that everything uses, <see cref="GuardJournalFile"/> too.</summary>
    public static string ConnectionTo(DataDirectory layout) => new SqliteConnectionStringBuilder { DataSource = layout.GuardJournalPath }.ToString();

    /// <summary>For the ActorSystem's configuration.</summary>
    /// <remarks>
    /// One writer at a time, so that what waits for the disk is written together. A journal whose events contradict each other is
    /// unreadable instead of repaired: what was left out might be a promise. A table for tags would stay empty.
    /// </remarks>
    public string HoconFor(DataDirectory layout) =>
        $$"""
        {{PluginId}} {
          class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
          plugin-dispatcher = "{{Dispatcher}}"
          materializer-dispatcher = "{{Dispatcher}}"
          provider-name = "SQLite.MS"
          connection-string = "{{Quoted(ConnectionTo(layout))}}"
          parallelism = 1
          tag-write-mode = Csv
          auto-initialize = on
          circuit-breaker { call-timeout = {{Patience}} }
          recovery-event-timeout = {{Patience}}
          replay-filter { mode = fail }
        }
        """;

    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}

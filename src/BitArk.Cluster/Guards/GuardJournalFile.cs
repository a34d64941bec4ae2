using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using Microsoft.Data.Sqlite;

namespace BitArk.Cluster.Guards;

/// <summary>
/// The database of <see cref="GuardJournal"/> before its journal opens it: it is there durably, SQLite logs ahead, and what
/// is in it is whole. One whose content is bad is set aside, and an empty one takes its place: every replica that had
/// promises in it finds none, which is damage of that replica, and nothing else of the node.
/// </summary>
internal static class GuardJournalFile
{
    private const string AsideSuffix = ".broken";
    private const long FullSync = 2;

    /// <summary>Makes it ready. Once per start, before anybody uses it.</summary>
    /// <returns>Why what was there was set aside; null when it was not.</returns>
    /// <exception cref="IOException">It cannot be opened, for a reason that says nothing of its content.</exception>
    public static string? Prepare(DataDirectory layout, IDisk disk)
    {
        disk.CreateDirectory(layout.GuardsPath);
        disk.SyncDirectory(layout.Root);
        string? damage = null;
        try
        {
            damage = FindDamage(layout);
            if (damage is not null)
            {
                SetAside(layout, disk);
                if (FindDamage(layout) is { } again)
                    throw new IOException($"The journal of promises '{layout.GuardJournalPath}' was made anew and is damaged again: {again}. Look at the disk.");
            }
        }
        catch (SqliteException e)
        {
            throw new IOException(
                $"The journal of promises '{layout.GuardJournalPath}' cannot be opened: {GuardErrors.Describe(e)} (SQLite {e.SqliteExtendedErrorCode}). Nothing is known to be lost: check the permissions, limits and space that this process has, and start again.", e);
        }

        disk.SyncDirectory(layout.GuardsPath);
        return damage;
    }

    /// <summary>Closes what the journal keeps open between its calls. When nothing is promised any more, before the directory is given free.</summary>
    public static void Release(DataDirectory layout)
    {
        using var connection = new SqliteConnection(GuardJournal.ConnectionTo(layout));
        SqliteConnection.ClearPool(connection);
    }

    private static string? FindDamage(DataDirectory layout)
    {
        // What an earlier ActorSystem of this process left open may be of a file that was replaced since.
        Release(layout);
        using var connection = new SqliteConnection(GuardJournal.ConnectionTo(layout));
        try
        {
            connection.Open();
            if (Ask(connection, "PRAGMA journal_mode = WAL") is not "wal")
                throw new IOException($"The journal of promises '{layout.GuardJournalPath}' cannot log ahead, as on a network's file system. Set bitark.data-dir to a local one.");
            if (Ask(connection, "PRAGMA synchronous") is not FullSync)
                throw new IOException($"The journal of promises '{layout.GuardJournalPath}' would not be synced: this build of SQLite does not do so by default.");
            if (Ask(connection, "PRAGMA quick_check(1)") is not "ok")
                return "SQLite finds pages of it damaged";
            RefuseNewer(connection, layout);
            return null;
        }
        catch (SqliteException e) when (GuardErrors.IsAboutContent(e))
        {
            return GuardErrors.Describe(e);
        }
        finally
        {
            SqliteConnection.ClearPool(connection);
        }
    }

    // An event that only a newer build reads is no damage: a replica that is repaired for it would forget what that build has promised.
    private static void RefuseNewer(SqliteConnection connection, DataDirectory layout)
    {
        if (Ask(connection, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'journal'") is not 1L)
            return;
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT message FROM journal WHERE deleted = 0";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (rows[0] is byte[] bytes && EpochPromised.NewerVersion(bytes) is { } newer)
                throw new IOException($"The journal of promises '{layout.GuardJournalPath}' has an event of version {newer}; this build reads up to {EpochPromised.Version}. Nothing was changed: start the version that wrote it, or a newer one.");
        }
    }

    // The log first: without it the rest is only older, which shows against the replicas' own marks.
    private static void SetAside(DataDirectory layout, IDisk disk)
    {
        foreach (var suffix in (ReadOnlySpan<string>)["-wal", "-shm", ""])
        {
            var path = layout.GuardJournalPath + suffix;
            if (disk.FileExists(path))
                disk.Rename(path, path + AsideSuffix);
        }

        disk.SyncDirectory(layout.GuardsPath);
    }

    private static object? Ask(SqliteConnection connection, string question)
    {
        using var command = connection.CreateCommand();
        command.CommandText = question;
        return command.ExecuteScalar();
    }
}

using System.Globalization;
using Akka.Configuration;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Serialization;
using BitArk.Storage.Replica;
using Microsoft.Data.Sqlite;

namespace BitArk.Cluster.Tests.Support;

/// <summary>What specs of guards share: an ActorSystem's settings with real journals, and a look into their files.</summary>
internal static class GuardKit
{
    /// <summary>The defaults with these journals, and with the serializer of their events.</summary>
    public static Config ConfigOf(params (GuardJournal Journal, DataDirectory Layout)[] journals) =>
        ConfigurationFactory.ParseString($"akka.actor {{ {WireBindings.Hocon} }}\n{string.Join('\n', journals.Select(each => each.Journal.HoconFor(each.Layout)))}")
            .WithFallback(SettingsLoader.Defaults().Hocon);

    /// <summary>The events of a replica's guard, oldest first.</summary>
    public static IReadOnlyList<EpochPromised> EventsOf(DataDirectory layout, ClusterId cluster, PartitionId partition = default) =>
        Read(layout, cluster, partition, "ASC");

    /// <summary>The newest event alone, whatever the others are.</summary>
    public static EpochPromised NewestOf(DataDirectory layout, ClusterId cluster) => Assert.Single(Read(layout, cluster, default, "DESC LIMIT 1"));

    /// <summary>Changes a journal behind its guard's back; answers how many rows.</summary>
    public static int Change(DataDirectory layout, string sql)
    {
        using var connection = Open(layout);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    /// <summary>What SQLite answers to a question.</summary>
    public static string Ask(DataDirectory layout, string question)
    {
        using var connection = Open(layout);
        using var command = connection.CreateCommand();
        command.CommandText = question;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }

    private static List<EpochPromised> Read(DataDirectory layout, ClusterId cluster, PartitionId partition, string order)
    {
        using var connection = Open(layout);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT message FROM journal WHERE persistence_id = $id AND deleted = 0 ORDER BY sequence_number {order}";
        command.Parameters.AddWithValue("$id", GuardJournal.PersistenceIdOf(cluster, partition));
        using var rows = command.ExecuteReader();
        var events = new List<EpochPromised>();
        while (rows.Read())
        {
            Assert.True(EpochPromised.TryRead((byte[])rows[0], out var promised, out var reason), reason);
            events.Add(promised);
        }

        return events;
    }

    private static SqliteConnection Open(DataDirectory layout)
    {
        var connection = new SqliteConnection($"{GuardJournal.ConnectionTo(layout)};Pooling=False");
        connection.Open();
        return connection;
    }
}

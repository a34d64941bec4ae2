using System.Globalization;
using System.Text;
using BitArk.Storage.Sessions;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>What a directory can be created with, and what must be the same ever after.</summary>
internal static class CreationSettingsRules
{
    public static void Check(DataDirectory layout, CreationSettings settings)
    {
        Require(Encoding.UTF8.GetByteCount(settings.NodeName) is >= 1 and <= NodeMeta.MaxNameBytes, "bitark.node-name", $"'{settings.NodeName}'", $"a name of 1 to {NodeMeta.MaxNameBytes} bytes");
        Require(settings.Partitions is >= 1 and <= 65_536, "bitark.partitions", Text(settings.Partitions), "1 to 65536");
        Require(settings.ReplicationFactor >= 1, "bitark.replication-factor", Text(settings.ReplicationFactor), "at least 1");
        Require(LogGeometry.IsValid(settings.SegmentBytes), "bitark.wal.segment-bytes", Text(settings.SegmentBytes), $"{LogGeometry.MinSegmentBytes} to {LogGeometry.MaxSegmentBytes} and a multiple of 4096");
        Require(settings.SessionWindow is >= 1 and <= SessionTable.MaxWindow, "bitark.sessions.window", Text(settings.SessionWindow), $"1 to {SessionTable.MaxWindow}");
        var least = SessionTable.MinBytes(Math.Clamp(settings.SessionWindow, 1, SessionTable.MaxWindow));
        Require(settings.SessionMaxBytes >= least && settings.SessionMaxBytes <= SessionTable.MaxBytes, "bitark.sessions.max-bytes", Text(settings.SessionMaxBytes), $"{least} to {SessionTable.MaxBytes}");

        void Require(bool valid, string key, string value, string allowed)
        {
            if (!valid)
                throw new DataDirectoryException(DataDirectoryProblem.SettingInvalid, layout.Root, $"{key} = {value} is not allowed: it must be {allowed}.");
        }
    }

    public static void CheckUnchanged(DataDirectory layout, CreationSettings created, CreationSettings asked)
    {
        Same("bitark.node-name", created.NodeName, asked.NodeName);
        Same("bitark.partitions", Text(created.Partitions), Text(asked.Partitions));
        Same("bitark.wal.segment-bytes", Text(created.SegmentBytes), Text(asked.SegmentBytes));
        Same("bitark.sessions.window", Text(created.SessionWindow), Text(asked.SessionWindow));
        Same("bitark.sessions.max-bytes", Text(created.SessionMaxBytes), Text(asked.SessionMaxBytes));

        void Same(string key, string was, string now)
        {
            if (was == now)
                return;
            throw new DataDirectoryException(
                DataDirectoryProblem.SettingMismatch,
                layout.Root,
                $"{key} is {now}, but the data directory '{layout.Root}' was created with {was}, and that is fixed at creation. Set {key} = {was}, or use another bitark.data-dir.");
        }
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

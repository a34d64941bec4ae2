namespace BitArk.Cluster;

/// <summary>Exactly-once writes; both values are fixed at creation, since every replica must decide alike.</summary>
/// <param name="Window">Writes of a session that may be repeated.</param>
/// <param name="MaxBytes">Memory of the sessions of one partition.</param>
public sealed record SessionSettings(int Window, long MaxBytes)
{
    internal static SessionSettings From(HoconReader reader) =>
        new(reader.Number("sessions.window", 1, 4096), reader.Bytes("sessions.max-bytes", 64L << 10, 1L << 34));
}

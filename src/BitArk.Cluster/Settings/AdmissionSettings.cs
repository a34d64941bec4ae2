namespace BitArk.Cluster;

/// <summary>How many writes may wait.</summary>
/// <param name="MaxPendingBytes">Bytes of log records that may wait for their commit, per partition.</param>
public sealed record AdmissionSettings(long MaxPendingBytes)
{
    internal static AdmissionSettings From(HoconReader reader) =>
        new(reader.Bytes("admission.max-pending-bytes", 64L << 10, 1L << 34));
}

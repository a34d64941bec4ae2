using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

/// <summary>
/// Reads a log without changing anything, with the reader and the rules of recovery, for tools. Of a running node the end
/// may be in motion: a torn tail there is a batch being written.
/// </summary>
public static class WalVerifier
{
    /// <summary>Reads all valid records of a log from a position on and says what state it is in.</summary>
    /// <param name="directory">The directory of the segments.</param>
    /// <param name="durableMarkPath">The file of the durable mark.</param>
    /// <param name="disk">The file system.</param>
    /// <param name="from">Hand out records that begin here or later; <see cref="Lsn.Zero"/>: all that are left. Only segments from this one on are read.</param>
    /// <param name="visitor">Receives the records; null to verify only.</param>
    /// <param name="progress">Bytes read, of bytes in the segments.</param>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static WalReport Verify(
        string directory, string durableMarkPath, IDisk disk, Lsn from = default, IWalRecordVisitor? visitor = null, Action<long, long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var run = new VerifierRun(directory, durableMarkPath, disk, from, visitor, progress);
        try
        {
            return run.Verify();
        }
        catch (WalCorruptException damage)
        {
            return run.Report(new WalVerdict.Damaged(damage.FilePath, damage.Offset, damage.Lsn, damage.Reason));
        }
        catch (WalUnsupportedException newer)
        {
            return run.Report(new WalVerdict.Unsupported(newer.FilePath, newer.Offset, newer.Lsn, newer.Reason));
        }
    }
}

using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

public sealed partial class WriteAheadLog
{
    /// <summary>
    /// Opens a log, or creates it: hands every valid record at or after a checkpoint to the visitor, cuts off a torn tail,
    /// and makes durable what it found before it returns. Doing it again gives the same bytes.
    /// </summary>
    /// <param name="options">Where it lies and whose it is.</param>
    /// <param name="disk">The file system.</param>
    /// <param name="from">The checkpoint: replay begins here; <see cref="Lsn.Zero"/> means the log's own beginning.</param>
    /// <param name="epochs">The epochs up to the checkpoint; empty without one.</param>
    /// <param name="visitor">Receives the records.</param>
    /// <param name="observer">Hears of progress, a torn tail and tidying.</param>
    /// <exception cref="WalCorruptException">Durable bytes are missing or damaged, or the files are another log's; nothing was changed.</exception>
    /// <exception cref="WalUnsupportedException">A newer version wrote the log; nothing was changed.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static WriteAheadLog Open(
        WalOptions options, IDisk disk, Lsn from, IReadOnlyList<EpochEntry> epochs, IWalRecordVisitor visitor, IWalRecoveryObserver observer)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(disk);
        ArgumentNullException.ThrowIfNull(visitor);
        ArgumentNullException.ThrowIfNull(observer);

        var table = new LogEpochs(epochs);
        var recovered = new WalRecovery(options, disk, observer).Run(from, table.Last, new EpochScan(visitor, table));
        try
        {
            var log = new WriteAheadLog(options, disk, recovered, table);
            log.OpenSegments();
            log.TryCreateCurrent(observer);
            return log;
        }
        catch
        {
            recovered.Mark.Dispose();
            throw;
        }
    }

    // A full disk is no reason not to start: reads go on, and appends answer NoSpace until a spare is offered.
    private void TryCreateCurrent(IWalRecoveryObserver observer)
    {
        if (_current is not null)
            return;
        observer.MakesSegment();
        try
        {
            OfferSpare(Segments.Create(SpareIndex));
        }
        catch (DiskException full) when (full is { IsDiskFull: true, IsFinal: false })
        {
        }
    }
}

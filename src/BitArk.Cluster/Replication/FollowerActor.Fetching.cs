using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Partitions;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Replication;

// Full sync: the snapshot comes over a channel of its own; when it is here whole, the PartitionActor puts it in the replica's place.
internal sealed partial class FollowerActor
{
    private CancellationTokenSource? _fetching;
    private NeedFullSync? _order;
    private double? _fetched;
    private bool _isShown;
    private long _attempt;

    private void Fetching()
    {
        Receive<FollowerProtocol.FetchProgress>(OnFetchProgress);
        Receive<FollowerProtocol.Fetched>(OnFetched);
        Receive<FollowerProtocol.FetchFailed>(OnFetchFailed);
    }

    private void Fetch(NeedFullSync order)
    {
        StopFetching();
        if (_environment.Snapshots is not { } fetcher || order.Source.Length == 0)
        {
            _session.FullSyncFailed(Now);
            return;
        }

        _logger.Info("Partition {0}: fetches the leader's snapshot at {1}, {2} bytes, from {3}.", _status.Id, order.SnapshotLsn, order.SnapshotBytes, order.Source);
        var (attempt, self, source) = (++_attempt, Self, new CancellationTokenSource());
        (_fetching, _order, _fetched) = (source, order, 0);
        Show(0);
        var fetch = new SnapshotFetch(_status, fetcher, _environment.OptionsOf(_status), _environment.Disk, order, _leader);
        _status.Jobs.RunAsync(() => fetch.RunAsync(done => self.Tell(new FollowerProtocol.FetchProgress(attempt, done)), source.Token))
            .PipeTo(Self, success: () => new FollowerProtocol.Fetched(attempt), failure: e => new FollowerProtocol.FetchFailed(attempt, e));
    }

    private void OnFetchProgress(FollowerProtocol.FetchProgress progress)
    {
        if (progress.Attempt != _attempt || _fetched is null)
            return;

        _fetched = progress.Fraction;
        Show(progress.Fraction);
    }

    // Verified, every byte. The promise goes with it: a damaged replica may have lost its own.
    private void OnFetched(FollowerProtocol.Fetched fetched)
    {
        if (fetched.Attempt != _attempt || _order is not { } order)
            return;

        SendAck();
        StopFetching();
        Context.Parent.Tell(new PartitionProtocol.Install(order.SnapshotLsn, order.Epoch));
    }

    private void OnFetchFailed(FollowerProtocol.FetchFailed failed)
    {
        if (failed.Attempt != _attempt || _fetched is null)
            return;

        _logger.Warning("Partition {0}: the transfer of the leader's snapshot broke at {1:P0}: {2}. It goes on from there.", _status.Id, _fetched, failed.Cause.Message);

        // Whole, this may say, and the next question that it was not sound: then the leader looks at its file again.
        SendAck();
        StopFetching();
        _session.FullSyncFailed(Now);
    }

    // The leader of the new term is asked what to fetch, and keeps it; what is durable of this transfer counts if it is the same.
    private void GiveUpFetching()
    {
        if (_fetching is null)
            return;

        StopFetching();
        _session.FullSyncFailed(Now);
    }

    private void Show(double? progress)
    {
        _isShown = progress is not null;
        Context.Parent.Tell(new PartitionProtocol.Fetching(progress));
    }

    // A transfer given up may still run for a moment; what it says then is of an attempt that is over.
    private void StopFetching()
    {
        _fetching?.Cancel();
        _fetching?.Dispose();
        (_fetching, _order, _fetched) = (null, null, null);
        _attempt++;
    }
}

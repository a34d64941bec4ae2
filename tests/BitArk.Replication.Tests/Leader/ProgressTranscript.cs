using System.Globalization;
using BitArk.Replication.Epochs;
using BitArk.Replication.Leader;

namespace BitArk.Replication.Tests.Leader;

/// <summary>
/// Runs a transcript: every line is what happens to one follower's progress and, behind <c>=&gt;</c>, what comes of it. The
/// leader's log is of epoch 4 from 64 and of its own epoch 5 from 500, in records of 10 bytes; windows and times are small.
/// </summary>
internal sealed class ProgressTranscript
{
    private static readonly ReplicationSettings Settings = new()
    {
        WindowBytes = 400,
        WindowRecords = 35,
        BatchBytes = 100,
        SlowAfter = Known.Ms(1000),
        DeadAfter = Known.Ms(5000),
        RetryFirst = Known.Ms(100),
        RetryLongest = Known.Ms(800),
    };

    private readonly FollowerProgress _progress = new(Known.B, Known.Epoch, Settings, new Random(1), Known.Ms(0));
    private TimeSpan _now;
    private long _written = 1000;
    private long _commit;
    private long _minRetained = 64;

    /// <summary>The line as it is to be: what happens, and what came of it now.</summary>
    public string Run(string line)
    {
        var words = line.Split("=>")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var arguments = words.Skip(1).Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => pair.Length > 1 ? long.Parse(pair[1], CultureInfo.InvariantCulture) : 0);
        var outcome = Do(words[0], arguments);
        return outcome.Length == 0 ? string.Join(' ', words) : $"{string.Join(' ', words),-44} => {outcome}";
    }

    private string Do(string what, Dictionary<string, long> of)
    {
        long? Of(string name) => of.TryGetValue(name, out var value) ? value : null;
        var epoch = new Epoch(Of("epoch") ?? 5);
        switch (what)
        {
            case "at":
                _now = Known.Ms(of["ms"]);
                return "";
            case "log":
                (_written, _commit, _minRetained) = (Of("written") ?? _written, Of("commit") ?? _commit, Of("min") ?? _minRetained);
                return "";
            case "pull":
                var view = new LeaderLogView(Known.Epoch, new EpochHistory([new(new Epoch(4), new Lsn(64)), new(Known.Epoch, new Lsn(500))]), new Lsn(64), new Lsn(_minRetained), new Lsn(_written));
                return Text(_progress.OnPull(Known.Pull(of["nonce"], of["last"], of["written"], epoch, of.ContainsKey("damaged")), view, _now));
            case "ack":
                _progress.OnAck(Known.Ack(Of("matched"), epoch, of.ContainsKey("damaged"), of.ContainsKey("syncing") ? 0.5 : -1, Of("applied") ?? 0), _now);
                return State();
            case "nack":
                _progress.OnNack(Known.Nack(of["expected"], epoch), _now);
                return State();
            case "tick":
                return $"{_progress.OnTick(_now)}";
            case "send":
                return Send(of.ContainsKey("all") ? int.MaxValue : 1);
            case "gone-log":
                _progress.NotRetained();
                return State();
            case "cluster-gone":
                _progress.ClusterSaysGone();
                return State();
            case "cluster-back":
                _progress.ClusterSaysBack();
                return State();
            case "outdated":
                _progress.SetOutdated(of["is"] == 1);
                return State();
            case "lag":
                return $"{_progress.LagBytes(new Lsn(_written))} bytes, {_progress.LagTime(new Lsn(_written), _now).TotalMilliseconds} ms";
            case "state":
                return State();
            default:
                throw new FormatException($"'{what}' is nothing that happens.");
        }
    }

    private string Send(int most)
    {
        List<string> sent = [];
        while (sent.Count < most && _progress.NextShipment(new Lsn(_written), new Lsn(_commit), _now) is { } request)
        {
            var bytes = request.IsCommitOnly ? 0 : (int)Math.Min(Math.Min(Math.Max(request.MaxBytes / 10, 1), request.MaxRecords) * 10, _written - request.From.Value);
            Assert.True(_progress.Shipped(request.From, request.From.Plus(bytes), bytes, bytes / 10, new Lsn(_commit), _now));
            sent.Add($"{request.From.Value}+{bytes}");
        }

        return sent.Count == 0 ? "nothing" : string.Join(' ', sent);
    }

    private static string Text(PullAnswer answer) => answer switch
    {
        PullAnswer.Stream stream => $"Stream {stream.From.Value}",
        PullAnswer.Truncate truncate => $"Truncate {truncate.To.Value} keep {truncate.KeepEpoch}",
        PullAnswer.FullSync sync => $"FullSync {sync.Reason}",
        _ => answer.GetType().Name,
    };

    private string State() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_progress.State}{(_progress.IsCatchingUp ? " catching up" : "")} next {_progress.NextLsn?.Value ?? -1} matched {_progress.MatchedLsn?.Value ?? -1} in flight {_progress.InFlightBytes}/{_progress.InFlightRecords} needs {_progress.NeededFrom?.Value ?? -1} {_progress.Status(_now)}");
}

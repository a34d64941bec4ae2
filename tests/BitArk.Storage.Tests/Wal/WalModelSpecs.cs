using BitArk.Storage.Tests.Disk;
using BitArk.Storage.Wal;
using CsCheck;

namespace BitArk.Storage.Tests.Wal;

/// <summary>The log against a list: any sequence of operations, restarts and power cuts.</summary>
public sealed class WalModelSpecs
{
    private static readonly Gen<Step> GenStep = Gen.Frequency(
        (8, Gen.Select(Gen.OneOf(Gen.Int[0, 200], Gen.Int[0, TestLog.Geometry.MaxPayloadBytes]), Gen.Int[0, 1000])
            .Select(write => (Step)new Step.Append(write.Item1, write.Item2))),
        (5, Gen.Const((Step)new Step.Flush())),
        (1, Gen.Const((Step)new Step.NextEpoch())),
        (1, Gen.Const((Step)new Step.Mark())),
        (1, Gen.Double[0, 1].Select(part => (Step)new Step.Collect(part))),
        (1, Gen.Double[0, 1].Select(part => (Step)new Step.Cut(part))),
        (1, Gen.Const((Step)new Step.Restart())),
        (1, Gen.Int[0, 1000].Select(seed => (Step)new Step.PowerCut(seed))));

    [Fact]
    public void Should_hold_what_a_list_holds_whatever_is_done() => GenStep.Array[1, 60].Sample(
        steps =>
        {
            using var model = new Model();
            foreach (var step in steps)
                model.Apply(step);
            model.Apply(new Step.Restart());
        },
        iter: 300);

    private abstract record Step
    {
        public sealed record Append(int Bytes, int Seed) : Step;

        public sealed record Flush : Step;

        public sealed record NextEpoch : Step;

        public sealed record Mark : Step;

        public sealed record Collect(double Part) : Step;

        public sealed record Cut(double Part) : Step;

        public sealed record Restart : Step;

        public sealed record PowerCut(int Seed) : Step;
    }

    private sealed class Model : IDisposable
    {
        private readonly List<TestRecord> _written = [];
        private readonly List<TestRecord> _pending = [];
        private MemoryDisk _disk = new();
        private TestLog _log;
        private long _epoch = 1;

        public Model() => _log = TestLog.Open(_disk);

        public void Apply(Step step)
        {
            switch (step)
            {
                case Step.Append append:
                    Append(TestLog.Payload(append.Seed, append.Bytes));
                    break;
                case Step.Flush:
                    Flush();
                    break;
                case Step.NextEpoch:
                    _epoch++;
                    break;
                case Step.Mark:
                    _log.Log.WriteMark(_log.Log.WrittenLsn);
                    break;
                case Step.Collect collect:
                    _log.Log.DeleteSegmentsBelow(Position(collect.Part));
                    _written.RemoveAll(record => record.Start < _log.Log.MinRetainedLsn);
                    break;
                case Step.Cut cut:
                    Cut(Position(cut.Part));
                    break;
                case Step.Restart:
                    Reopen(_disk.AfterKill());
                    break;
                case Step.PowerCut cut:
                    Reopen(_disk.AfterPowerCut(cut.Seed));
                    break;
            }
        }

        public void Dispose() => _log.Dispose();

        private void Append(byte[] payload)
        {
            while (_log.Log.TryAppend(new Epoch(_epoch), RecordType.Marks, 0, payload, out var start, out var end) is var outcome)
            {
                if (outcome == AppendOutcome.Appended)
                {
                    _pending.Add(new TestRecord(start, end, new Epoch(_epoch), RecordType.Marks, payload));
                    return;
                }

                Flush();
                if (outcome == AppendOutcome.NoSpace)
                    _log.AddSpare();
            }
        }

        private void Flush()
        {
            _log.Log.Flush();
            _written.AddRange(_pending);
            _pending.Clear();
            Assert.Equal(_log.Log.AppendedLsn, _log.Log.WrittenLsn);
        }

        private void Cut(Lsn at)
        {
            if (at < _log.Log.MinRetainedLsn)
                return;
            _written.RemoveAll(record => record.Start >= at);
            _pending.Clear();
            _log.Log.CutTo(at, _written.Count > 0 ? _written[^1].Epoch : Epoch.None);
        }

        // Somewhere between two records: the beginning of one that is still there, or the end.
        private Lsn Position(double part)
        {
            var index = (int)(part * _written.Count);
            return index < _written.Count ? _written[index].Start : _log.Log.WrittenLsn;
        }

        private void Reopen(MemoryDisk disk)
        {
            _log.Dispose();
            _disk = disk;
            _log = TestLog.Open(_disk);
            var found = _log.Marks.ToList();
            Assert.True(_written.SequenceEqual(found.Take(_written.Count)), "a flushed record was lost or changed");
            // What was never flushed was never written: the batch lives in memory only.
            Assert.Equal(_written.Count, found.Count);
            _pending.Clear();
        }
    }
}

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace BitArk.Storage.Memory;

// Blocks between the writer, which fills them, and the drainer, which takes, stores and returns them.
public sealed unsafe partial class SnapshotCapture
{
    private readonly int _maxBlocks;
    private readonly CaptureMemory _memory;
    private readonly object _gate = new();
    private readonly Queue<CaptureBlock> _full = [];
    private readonly Stack<CaptureBlock> _idle = [];
    private int _created;
    private bool _finished;
    private CaptureBlock? _filling;
    private TimeSpan _waited;

    // Blocks being filled, full or at the drainer. Changed under the gate, read without it: the writer asks before every run it copies,
    // and should not take the gate from the drainer for that.
    private volatile int _inUse;

    /// <summary>Whether all was copied and all was taken: never of one that was aborted, whose blocks are thrown away. Any thread.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_gate)
            {
                return _finished && !_aborted && _full.Count == 0;
            }
        }
    }

    /// <summary>Takes the oldest full block, if there is one. Drainer only.</summary>
    public bool TryTake([NotNullWhen(true)] out CaptureBlock? block) => TryTake(TimeSpan.Zero, out block);

    /// <summary>
    /// Takes the oldest full block, waiting for one at most so long; false when there is none yet, or none will come
    /// (<see cref="IsDrained"/>, <see cref="IsAborted"/>). Drainer only.
    /// </summary>
    public bool TryTake(TimeSpan atMost, [NotNullWhen(true)] out CaptureBlock? block)
    {
        lock (_gate)
        {
            if (_full.Count == 0 && !_finished && !_aborted && atMost > TimeSpan.Zero)
            {
                _ = Monitor.Wait(_gate, atMost);
            }

            return _full.TryDequeue(out block);
        }
    }

    /// <summary>Gives a taken block's buffer back. Drainer only.</summary>
    public void Return(CaptureBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        lock (_gate)
        {
            Recycle(block);
            FreeIfOver();
            Monitor.PulseAll(_gate);
        }
    }

    private void Recycle(CaptureBlock block)
    {
        block.Clear();
        _idle.Push(block);
        _inUse--;
    }

    // Nobody asks for a block after the end, so when the last one is back nobody looks into the memory any more.
    private void FreeIfOver()
    {
        if (_finished && _inUse == 0)
        {
            _memory.Dispose();
        }
    }

    // The block being filled, if one more granule fits in, or a new one, waiting for the drainer if need be. Null after an abort.
    private CaptureBlock? BlockWithRoom()
    {
        if (_filling is not null && _filling.Room >= CaptureBlock.ItemHeaderBytes + TrackedRegion.GranuleBytes)
        {
            return _filling;
        }

        lock (_gate)
        {
            QueueFilled();
            while (_idle.Count == 0 && _created == _maxBlocks && !_aborted)
            {
                WaitForDrainer();
            }

            if (_aborted)
            {
                return null;
            }

            if (!_idle.TryPop(out _filling))
            {
                _filling = new CaptureBlock(_memory, _created++);
            }

            _inUse++;
            return _filling;
        }
    }

    // The writer may be in the middle of a change here, which readers wait for: a snapshot can be begun again, they can't.
    private void WaitForDrainer()
    {
        if (_waited >= Patience)
        {
            IsGivenUp = true;
            _aborted = true;
            Monitor.PulseAll(_gate);
            return;
        }

        var began = Stopwatch.GetTimestamp();
        _ = Monitor.Wait(_gate, Patience - _waited);
        _waited += Stopwatch.GetElapsedTime(began);
    }

    private void FinishBlocks()
    {
        lock (_gate)
        {
            QueueFilled();
            while (_aborted && _full.TryDequeue(out var unwanted))
            {
                Recycle(unwanted);
            }

            _finished = true;
            FreeIfOver();
            Monitor.PulseAll(_gate);
        }
    }

    private void QueueFilled()
    {
        if (_filling is { Length: > 0 })
        {
            _full.Enqueue(_filling);
            Monitor.PulseAll(_gate);
        }
        else if (_filling is not null)
        {
            Recycle(_filling);
        }

        _filling = null;
    }

    private void WakeAll()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }
}

using BitArk.Simulation.Clients;
using BitArk.Simulation.Engine;
using BitArk.Storage.ReadTables;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Checks;

/// <summary>An acknowledged write is in what is committed, at its position and with its content, and in every state at the end.</summary>
internal sealed class AcknowledgementCheck(CommittedLog committed)
{
    private readonly List<ClientWrite> _acknowledged = [];
    private MarkOperation[] _operations = new MarkOperation[64];

    /// <summary>Writes acknowledged.</summary>
    public IReadOnlyList<ClientWrite> Acknowledged => _acknowledged;

    /// <summary>The end of the latest of them.</summary>
    public Lsn End { get; private set; }

    /// <summary>A client was told that its write is safe.</summary>
    public void Acknowledge(ClientWrite write, Lsn start, Lsn end)
    {
        if (end > committed.End)
            throw new ViolationException("acknowledged-lost", $"write {write.Id} was acknowledged at {end}, but only {committed.End} is committed");
        RequireContent(write, start, end);
        _acknowledged.Add(write);
        End = Lsn.Max(End, end);
    }

    /// <summary>Every acknowledged write shows in a state that has applied everything.</summary>
    public void RequireAllIn(string whose, PartitionState state)
    {
        var table = state.Tables.Find(NamespaceId.Default);
        foreach (var write in _acknowledged)
        {
            if (table is null || !Contains(table, write.Operations[0]))
                throw new ViolationException("acknowledged-lost", $"{whose} does not show write {write.Id}");
        }
    }

    private void RequireContent(ClientWrite write, Lsn start, Lsn end)
    {
        var (from, to) = committed.Pieces(start, end).First();
        var bytes = committed.Between(from, to);
        if (RecordHeader.TryRead(bytes, bytes.Length, out var header, out _)
            && MarksPayload.TryRead(bytes[RecordHeader.Size..header.Length], ref _operations, out var marks, out _)
            && _operations.AsSpan(0, marks.Count).SequenceEqual(write.Operations))
            return;
        throw new ViolationException("acknowledged-lost", $"write {write.Id} was acknowledged at {start}, where something else is committed");
    }

    private static bool Contains(ReadTable table, in MarkOperation mark) =>
        table.TryContains(mark.User, mark.Channel, mark.Range.From, out var read) && read;
}

using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

// A copy that an operator has made the truth, until enough of the others vote again. Any thread.
public sealed partial class ReplicaStore
{
    private readonly Lock _acceptedLossGate = new();
    private volatile AcceptedLoss? _acceptedLoss;

    /// <summary>
    /// An operator has accepted that the other copies are lost, and not enough of them vote again yet; null: as ever. Durable. Any thread.
    /// </summary>
    public AcceptedLoss? AcceptedLoss => _acceptedLoss;

    /// <summary>Records durably that another replica may come to vote, before it gets its stream.</summary>
    /// <exception cref="InvalidOperationException">No loss is accepted, or not any more.</exception>
    /// <exception cref="DiskException">It is not durable; it may be repeated.</exception>
    public void Admit(NodeId node)
    {
        // Where the loss is over meanwhile, the record must not come back.
        lock (_acceptedLossGate)
            AdmitWhileAlone(node);
    }

    /// <summary>Enough of the others vote again: from here on this replica is one of several, durably.</summary>
    /// <exception cref="DiskException">It is not durable; it may be repeated.</exception>
    public void EndAcceptedLoss()
    {
        lock (_acceptedLossGate)
        {
            AcceptedLossFile.Remove(_directory, _disk);
            _acceptedLoss = null;
        }
    }

    private void AdmitWhileAlone(NodeId node)
    {
        var loss = _acceptedLoss ?? throw new InvalidOperationException($"{node} needs no admission: no loss is accepted.");
        if (loss.Admitted.Contains(node))
            return;
        var next = loss with { Admitted = [.. loss.Admitted, node] };
        AcceptedLossFile.Write(_directory, next, _disk);
        _acceptedLoss = next;
    }
}

using BitArk.Simulation.Replicas;

namespace BitArk.Simulation.Clients;

/// <summary>
/// Writers that ask whoever says that it leads, one write at a time each. A write without an answer in time is unknown;
/// some are then sent again under the same session and sequence, and must be applied once.
/// </summary>
internal sealed class SimClients(World world)
{
    private const int Count = 3;

    private long _writes;

    /// <summary>Whether they write.</summary>
    public bool AreWriting { get; set; } = true;

    /// <summary>Lets them begin.</summary>
    public void Begin()
    {
        for (var client = 0; client < Count; client++)
            Pause(new Client(client));
    }

    private void Pause(Client client) =>
        world.Queue.After(world.Random.Between(TimeSpan.FromMilliseconds(1), world.Settings.ClientPause), () => Write(client));

    private void Write(Client client)
    {
        var leaders = world.Nodes.Where(node => node.Replica is { IsServing: true }).ToList();
        if (!AreWriting || leaders.Count == 0)
        {
            Pause(client);
            return;
        }

        var isAgain = client.Unknown is not null && world.Random.Chance(0.5);
        var write = isAgain ? client.Unknown! : Make(client);
        client.Unknown = write;
        var attempt = ++client.Attempt;
        world.Queue.After(world.Settings.ClientPatience, () => Ended(client, attempt));
        world.Random.Pick(leaders).Submit(write, isSafe =>
        {
            if (isSafe && client.Unknown == write)
                client.Unknown = null;
            Ended(client, attempt);
        });
    }

    private void Ended(Client client, long attempt)
    {
        if (client.Attempt != attempt)
            return;
        client.Attempt++;
        Pause(client);
    }

    private ClientWrite Make(Client client)
    {
        var id = ++_writes;
        var operations = new MarkOperation[world.Random.Between(1, world.Settings.MaxOperations)];
        operations[0] = new MarkOperation(OperationKind.Mark, NamespaceId.Default, new UserId(1_000_000 + client.Index), new ChannelId(1), new MessageRange(id * 3, id * 3));
        for (var i = 1; i < operations.Length; i++)
        {
            var from = (long)world.Random.Below(20_000) * 3;
            operations[i] = new MarkOperation(
                world.Random.Chance(0.8) ? OperationKind.Mark : OperationKind.Unmark,
                NamespaceId.Default,
                new UserId((world.Random.Below(300) * 7_919_777_771L) + 5),
                new ChannelId((world.Random.Below(3) * 104_729_555_777L) + 1),
                new MessageRange(from, from + world.Random.Below(40)));
        }

        return new ClientWrite(id, new SessionId(client.Index + 1), ++client.Sequence, operations);
    }

    private sealed class Client(int index)
    {
        public int Index { get; } = index;

        public long Sequence { get; set; }

        public long Attempt { get; set; }

        public ClientWrite? Unknown { get; set; }
    }
}

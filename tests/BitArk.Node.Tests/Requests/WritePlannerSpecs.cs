using BitArk.Node.Requests;
using BitArk.Protocol.V1;
using CsCheck;

namespace BitArk.Node.Tests.Requests;

public sealed class WritePlannerSpecs
{
    private static readonly NamespaceTable Namespaces = new(new Dictionary<string, NamespaceId> { ["default"] = new(0), ["mail"] = new(7) });

    private static readonly Gen<Operation> AnyOperation =
        Gen.Select(Gen.Long[0, 30], Gen.Long[0, Ids.Max], Gen.Bool, Gen.Long[0, Ids.Max].Array[1, 4], (user, channel, isMark, messages) =>
        {
            var ids = new MessageIds { Messages = { messages } };
            return isMark
                ? new Operation { User = user, Channel = channel, Mark = ids }
                : new Operation { User = user, Channel = channel, Unmark = ids, Namespace = "mail" };
        });

    [Fact]
    public void Should_put_every_item_into_its_partition_once_and_in_order_when_planning_a_batch() =>
        Gen.Select(AnyOperation.Array[1, 30], Gen.Int[1, 8]).Sample((operations, partitions) =>
        {
            Assert.Null(new WritePlanner(Namespaces, partitions).Plan(new WriteRequest { Operations = { operations } }, out var plan));

            for (var p = 0; p < partitions; p++)
            {
                var expected = operations.SelectMany((operation, i) => Expected(operation, i)).Where(e => PartitionId.Of(e.Operation.User, partitions).Value == p).ToList();
                var share = plan!.Shares.SingleOrDefault(s => s.Partition.Value == p);
                Assert.Equal(expected.Select(e => e.Operation), plan.Operations.Skip(share.Start).Take(share.Count));
                Assert.Equal(expected.Select(e => e.Owner), plan.Owners.Skip(share.Start).Take(share.Count));
            }

            Assert.Equal(plan!.Operations.Length, plan.Shares.Sum(s => s.Count));
        });

    [Fact]
    public void Should_say_which_operation_went_too_far_when_all_items_together_are_too_many()
    {
        var request = new WriteRequest();
        for (var i = 0; i < 3; i++)
            request.Operations.Add(new Operation { User = 1, Channel = 2, Mark = new MessageIds { Messages = { new long[4000] } } });

        var violation = new WritePlanner(Namespaces, 1).Plan(request, out var plan);

        Assert.Null(plan);
        Assert.Equal("operations", violation!.Value.Field);
        Assert.Contains("12000", violation.Value.Message, StringComparison.Ordinal);
        Assert.Contains("operations[2]", violation.Value.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(MarkOperation Operation, int Owner)> Expected(Operation operation, int owner)
    {
        var isMark = operation.KindCase == Operation.KindOneofCase.Mark;
        foreach (var message in (isMark ? operation.Mark : operation.Unmark).Messages)
        {
            yield return (
                new MarkOperation(
                    isMark ? OperationKind.Mark : OperationKind.Unmark,
                    new NamespaceId(isMark ? (ushort)0 : (ushort)7),
                    new UserId(operation.User),
                    new ChannelId(operation.Channel),
                    new MessageRange(message, message)),
                owner);
        }
    }
}

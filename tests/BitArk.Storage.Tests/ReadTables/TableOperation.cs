using BitArk.Storage.ReadTables;
using CsCheck;

namespace BitArk.Storage.Tests.ReadTables;

/// <summary>One random change, applied to a table and to its model.</summary>
internal readonly record struct TableOperation(bool IsMark, long User, long Channel, long From, long To)
{
    /// <summary>Few keys, ids that collide, lie dense, lie sparse and lie at both ends of the 63 bits.</summary>
    public static readonly Gen<TableOperation> Any = Make(
        Gen.OneOf(Gen.Long[0, 6], Gen.Const(Ids.Max)),
        Gen.OneOf(Gen.Long[0, 40], Gen.Long[0, 40], Gen.Long[0, 200_000], Gen.Long[0, Ids.Max], Gen.Long[Ids.Max - 40, Ids.Max]));

    /// <summary>Many keys, ids that mostly make cursors and small sets.</summary>
    public static readonly Gen<TableOperation> ManyKeys = Make(Gen.Long[0, 3000], Gen.OneOf(Gen.Const(1L), Gen.Long[0, 60]));

    public long ApplyTo(ReadTable table) => IsMark
        ? table.Mark(new UserId(User), new ChannelId(Channel), From, To)
        : table.Unmark(new UserId(User), new ChannelId(Channel), From, To);

    public long ApplyTo(TableModel model) => IsMark ? model.Mark(User, Channel, From, To) : model.Unmark(User, Channel, From, To);

    private static Gen<TableOperation> Make(Gen<long> user, Gen<long> id) =>
        from isMark in Gen.Int[0, 3]
        from u in user
        from c in Gen.Long[0, 2]
        from first in id
        from length in Gen.OneOf(Gen.Const(0L), Gen.Long[0, 30], Gen.Long[0, 100_000], Gen.Long[0, Ids.Max])
        select new TableOperation(isMark > 0, u, c, first, first + Math.Min(length, Ids.Max - first));
}

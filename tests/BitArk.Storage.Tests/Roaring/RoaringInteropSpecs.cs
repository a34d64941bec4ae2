using CsCheck;

namespace BitArk.Storage.Tests.Roaring;

/// <summary>What BitArk writes, CRoaring reads; what CRoaring writes, BitArk reads.</summary>
public sealed class RoaringInteropSpecs
{
    private static readonly Gen<MessageRange[]> Small = RoaringGen.Ranges.Where(ranges =>
        ranges.Length > 0 && ranges[^1].To <= uint.MaxValue && ranges.Sum(range => range.Count) < 3_000_000);

    [LibRoaringFact]
    public void Should_be_read_by_the_c_library_when_written_here() =>
        Gen.Select(Small, Gen.Bool).Sample((ranges, runs) =>
            Assert.Equal(Members(ranges), LibRoaring.Read(RoaringBytes.Write32(ranges, runs))), iter: 60);

    [LibRoaringFact]
    public void Should_read_what_the_c_library_wrote() =>
        Gen.Select(Small, Gen.Bool).Sample((ranges, runs) =>
            Assert.Equal(ranges, RoaringBytes.Read32(LibRoaring.Write(Members(ranges), runs))), iter: 60);

    [LibRoaringFact]
    public void Should_write_the_bytes_of_the_c_library_when_runs_are_not_used() =>
        Small.Sample(ranges => Assert.Equal(LibRoaring.Write(Members(ranges), runs: false), RoaringBytes.Write32(ranges, runs: false)), iter: 60);

    private static uint[] Members(MessageRange[] ranges)
    {
        List<uint> members = [];
        foreach (MessageRange range in ranges)
        {
            for (long id = range.From; id <= range.To; id++)
            {
                members.Add((uint)id);
            }
        }

        return [.. members];
    }
}

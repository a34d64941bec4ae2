namespace BitArk.Cluster.Partitions;
internal sealed partial class PartitionActor
{
    private static void HandOvers()
    {
    }

    private static void EndHandOver()
    {
    }
}

using BitArk.Benchmarks.Engine;
using BitArk.Benchmarks.Replicated;
using BitArk.Benchmarks.SingleNode;

return args switch
{
    ["engine", .. var rest] => EngineVerbs.Run(rest),
    ["node", .. var rest] => await NodeVerbs.RunAsync(rest),
    ["cluster", .. var rest] => await ClusterVerbs.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine($"usage: engine {EngineVerbs.Usage}");
    Console.WriteLine($"       {NodeVerbs.Usage}");
    Console.WriteLine(ClusterVerbs.Usage);
    return 64;
}

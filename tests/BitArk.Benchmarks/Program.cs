using BitArk.Benchmarks.Engine;
using BitArk.Benchmarks.SingleNode;

return args switch
{
    ["engine", .. var rest] => EngineVerbs.Run(rest),
    ["node", .. var rest] => await NodeVerbs.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine($"usage: engine {EngineVerbs.Usage}");
    Console.WriteLine($"       {NodeVerbs.Usage}");
    return 64;
}

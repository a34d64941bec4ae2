using BitArk.Benchmarks.Engine;

return args switch
{
    ["engine", .. var rest] => EngineVerbs.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine($"usage: engine {EngineVerbs.Usage}");
    return 64;
}

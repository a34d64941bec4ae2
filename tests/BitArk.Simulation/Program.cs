using BitArk.Simulation;
using BitArk.Simulation.Runs;

if (Options.Read(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

if (options.IsSingle)
    return OneSeed.Run(options);
return options.Plant == Plant.None ? Batch.Run(options) : PlantHunt.Run(options);

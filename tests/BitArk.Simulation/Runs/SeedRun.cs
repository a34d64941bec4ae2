using BitArk.Simulation.Checks;
using BitArk.Simulation.Engine;

namespace BitArk.Simulation.Runs;

/// <summary>One seed from its beginning to its end.</summary>
internal static class SeedRun
{
    private static readonly TimeSpan CalmLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs a seed; never throws for what the simulated code does.</summary>
    public static RunOutcome Run(long seed, Plant plant = Plant.None, TextWriter? reader = null)
    {
        var world = new World(seed, plant, reader);
        try
        {
            Faulty(world);
            return Calm(world, seed);
        }
        catch (ViolationException violation)
        {
            return Outcome(world, seed, RunVerdict.Violated, violation.Message);
        }
        catch (Exception unexpected)
        {
            return Outcome(world, seed, RunVerdict.Violated, "unexpected: " + unexpected);
        }
        finally
        {
            foreach (var node in world.Nodes)
                node.Replica?.Stop();
        }
    }

    private static void Faulty(World world)
    {
        foreach (var node in world.Nodes)
            node.Start();
        world.Nodes[0].Coordinate();
        world.Nemesis.Begin();
        world.Watch();
        world.Clients.Begin();
        world.Readers.Begin();
        Until(world, world.Settings.Faulty);
    }

    private static RunOutcome Calm(World world, long seed)
    {
        world.IsHealing = true;
        world.Nemesis.End();
        var progress = new Progress(world);
        while (world.Queue.Now < world.Settings.Faulty + CalmLimit)
        {
            Until(world, world.Queue.Now + Slice);
            if (progress.IsReached())
            {
                progress.RequireEqual();
                return Outcome(world, seed, RunVerdict.Held, string.Empty);
            }
        }

        return progress.IsBeyondRepair
            ? Outcome(world, seed, RunVerdict.EndedByDesign, "no majority of sound copies is left")
            : Outcome(world, seed, RunVerdict.Violated, "progress: " + progress.WhatIsMissing());
    }

    private static void Until(World world, TimeSpan until)
    {
        while (world.Queue.Step(until))
            world.Safety.AfterStep();
    }

    private static RunOutcome Outcome(World world, long seed, RunVerdict verdict, string what) =>
        new(seed, verdict, what, world.Trace.Hash, world.Queue.Steps, world.Counters);
}

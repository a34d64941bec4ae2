using System.Globalization;

namespace BitArk.Simulation;

/// <summary>The command line.</summary>
internal sealed record Options
{
    public const string Usage = """
        usage: BitArk.Simulation --seeds FROM..TO [--jobs N] [--resume FILE]   a batch; non-zero when something does not hold or was never met
               BitArk.Simulation --seed N [--verbose] [--plant NAME]  one seed, exactly again
               BitArk.Simulation --plant NAME [--within 2000] [--seeds FROM..TO]   the first seed that finds a planted bug
        --resume FILE   progress is kept there every 500 seeds, and the same command goes on where it stopped
        --step N        every N-th seed only; 20 keeps to the scenario of the first
        """;

    public long From { get; private set; } = 1;

    public long To { get; private set; } = 1_000;

    /// <summary>Every how many seeds one is run: 20 keeps to one kind of scenario.</summary>
    public int Step { get; private set; } = 1;

    public int Jobs { get; private set; } = Environment.ProcessorCount;

    public int Within { get; private set; } = 2_000;

    /// <summary>Where a batch keeps its progress; null: nowhere.</summary>
    public string? Resume { get; private set; }

    public bool IsSingle { get; private set; }

    public bool IsVerbose { get; private set; }

    public Plant Plant { get; private set; }

    public string PlantName { get; private set; } = "none";

    /// <summary>Reads it; null when it makes no sense.</summary>
    public static Options? Read(string[] args)
    {
        var options = new Options();
        var rest = new Queue<string>(args);
        while (rest.TryDequeue(out var name))
        {
            if (name == "--verbose")
                options.IsVerbose = true;
            else if (!rest.TryDequeue(out var value) || !options.Take(name, value))
                return null;
        }

        var isBatch = !options.IsSingle && options.Plant == Plant.None;
        return options.From <= options.To && (isBatch || options.Resume is null) ? options : null;
    }

    private bool Take(string name, string value)
    {
        switch (name)
        {
            case "--seeds" when value.Split("..") is [var from, var to] && Number(from) is { } first && Number(to) is { } last:
                (From, To) = (first, last);
                return true;
            case "--seed" when Number(value) is { } seed:
                (From, To, IsSingle) = (seed, seed, true);
                return true;
            case "--jobs" when Number(value) is > 0 and <= 64 and { } jobs:
                Jobs = (int)jobs;
                return true;
            case "--step" when Number(value) is > 0 and <= 1_000 and { } step:
                Step = (int)step;
                return true;
            case "--within" when Number(value) is > 0 and <= 1_000_000 and { } within:
                Within = (int)within;
                return true;
            case "--resume" when value.Length > 0:
                Resume = value;
                return true;
            case "--plant" when Plants.ByName.TryGetValue(value, out var plant):
                (Plant, PlantName) = (plant, value);
                return true;
            default:
                return false;
        }
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}

using System.Globalization;
using BitArk.Chaos.Nodes;

namespace BitArk.Chaos.Clusters;

/// <summary>One node of a cluster over all its processes: each start is a new process on the same directory and ports.</summary>
internal sealed class Member(string binary, string name, NodeSettings settings, Uri grpc) : IAsyncDisposable
{
    private const string GivenUp = "gave this one up";
    private readonly List<string> _earlier = [];

    /// <summary>Its name in the cluster.</summary>
    public string Name => name;

    /// <summary>Where its data is.</summary>
    public string DataDirectory => settings.DataDirectory;

    /// <summary>Where clients reach it.</summary>
    public Uri Grpc => grpc;

    /// <summary>The process that runs now; null while it is stopped.</summary>
    public NodeProcess? Process { get; private set; }

    /// <summary>The process that must be running.</summary>
    /// <exception cref="NodeException">It is stopped.</exception>
    public NodeProcess Running => Process ?? throw new NodeException($"{name} does not run");

    /// <summary>Starts so far.</summary>
    public int Starts { get; private set; }

    /// <summary>Times it ended by itself because the others had given it up.</summary>
    public int TimesGivenUp { get; private set; }

    /// <summary>Everything that all its processes printed.</summary>
    public IEnumerable<string> Lines => [.. _earlier, .. Process?.Lines ?? []];

    /// <summary>How many lines contain a text.</summary>
    public int Count(string text) => Lines.Count(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Starts it and does not wait.</summary>
    public void Launch()
    {
        Starts++;
        Process = NodeProcess.Launch(binary, settings);
    }

    /// <summary>Waits until every partition of it leads or follows.</summary>
    /// <exception cref="NodeException">It ended, or took too long.</exception>
    public async Task ServesAsync()
    {
        while (!await Running.ServesAsync())
        {
            if (!await ReviveAsync())
                throw new NodeException($"{name} did not become ready: {Running.Tail(25)}");
        }
    }

    /// <summary>Starts it and waits until it serves.</summary>
    public async Task StartAsync()
    {
        Launch();
        await ServesAsync();
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (Process is not { } process)
            return;
        await process.KillAsync();
        await ForgetAsync(process);
    }

    /// <summary>SIGTERM; it must end in good order.</summary>
    public async Task TerminateAsync()
    {
        NodeProcess process = Running;
        if (await process.TerminateAsync() is not 0 and var code)
            throw new NodeException($"SIGTERM ended {name} with exit code {code}: {process.Tail()}");
        await ForgetAsync(process);
    }

    /// <summary>
    /// Starts it again if it ended by itself because it was out of reach for too long, as whatever supervises a node would;
    /// false: it runs, or was stopped on purpose.
    /// </summary>
    /// <exception cref="NodeException">It ended for another reason.</exception>
    public async Task<bool> ReviveAsync()
    {
        if (Process is not { HasExited: true } ended)
            return false;
        if (!ended.Lines.Any(line => line.Contains(GivenUp, StringComparison.Ordinal)))
            throw new NodeException($"{name} ended by itself with exit code {ended.ExitCode}: {ended.Tail(25)}");
        TimesGivenUp++;
        await ForgetAsync(ended);
        Launch();
        return true;
    }

    /// <summary>Files of a partition's kind, by their full names, in order.</summary>
    public string[] Files(int partition, string kind, string pattern)
    {
        string directory = Path.Combine(DataDirectory, "partitions", partition.ToString(CultureInfo.InvariantCulture), kind);
        return Directory.Exists(directory) ? [.. Directory.GetFiles(directory, pattern).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Keeps what it printed beside its data, for whoever looks at a failure.</summary>
    public void KeepLines() => File.WriteAllLines($"{DataDirectory}.log", Lines);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task ForgetAsync(NodeProcess process)
    {
        _earlier.Add($"---- end of process {Starts} of {name}");
        _earlier.InsertRange(_earlier.Count - 1, process.Lines);
        Process = null;
        await process.DisposeAsync();
    }
}

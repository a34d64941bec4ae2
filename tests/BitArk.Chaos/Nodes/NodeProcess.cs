using System.Collections.Concurrent;
using System.Diagnostics;
using BitArk.Chaos.Faults;

namespace BitArk.Chaos.Nodes;

/// <summary>One node as a real process: started, awaited until it serves, stopped in every rude way, by its process id.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(90);
    private static readonly ConcurrentDictionary<int, Process> Running = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _errorLines = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private readonly NodeSettings _settings;
    private bool _isDisposed;

    static NodeProcess()
    {
        // No node outlives the harness, whatever ends it in an orderly way.
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            foreach (Process process in Running.Values)
                process.Kill();
        };
    }

    private NodeProcess(string binary, NodeSettings settings)
    {
        _settings = settings;
        string[] command = [.. settings.Wrapper, "dotnet", binary, .. settings.Arguments()];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach ((string name, string value) in settings.Environment)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
                _errorLines.Enqueue(line.Data);
            Take(line.Data);
        };
        _process.Start();
        Running[_process.Id] = _process;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Everything it printed so far, both streams. A copy: it goes on printing while somebody looks.</summary>
    public IReadOnlyCollection<string> Lines => _lines.ToArray();

    /// <summary>What it printed for its operator so far: the error stream alone.</summary>
    public IReadOnlyCollection<string> ErrorLines => _errorLines.ToArray();

    /// <summary>Its exit code once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Where its gRPC listener is; known once it is ready.</summary>
    public Uri Grpc => new($"http://127.0.0.1:{Port("grpc")}");

    /// <summary>Where its HTTP listener is; known once it is ready.</summary>
    public Uri Http => new($"http://127.0.0.1:{Port("http")}");

    /// <summary>Starts it and does not wait.</summary>
    public static NodeProcess Launch(string binary, NodeSettings settings)
    {
        // A file left by an earlier process would name ports that are somebody else's by now.
        if (File.Exists(PortsFile(settings)))
            File.Delete(PortsFile(settings));
        return new NodeProcess(binary, settings);
    }

    /// <summary>Starts it and waits until it serves.</summary>
    /// <exception cref="NodeException">It ended, or took longer than the bound.</exception>
    public static async Task<NodeProcess> StartAsync(string binary, NodeSettings settings)
    {
        NodeProcess node = Launch(binary, settings);
        try
        {
            return await node.ServesAsync()
                ? node
                : throw new NodeException($"the node did not become ready ({(node.HasExited ? $"exit code {node.ExitCode}" : "still running")}): {node.Tail()}");
        }
        catch (NodeException)
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it serves; false when it ended before, or took longer than the bound.</summary>
    public async Task<bool> ServesAsync()
    {
        await Task.WhenAny(_ready.Task, _process.WaitForExitAsync(), Task.Delay(StartBound));
        return _ready.Task.IsCompleted;
    }

    /// <summary>kill -9, and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        Running.TryRemove(_process.Id, out _);
    }

    /// <summary>Freezes it, and waits until every one of its threads stands still: one may still be inside a sync when the signal is sent.</summary>
    public async Task FreezeAsync()
    {
        Signals.Send(_process, Signals.Stop);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (int i = 0; i < 5_000 && !ProcessThreads.AllStopped(_process.Id); i++)
            await ticks.WaitForNextTickAsync();
    }

    /// <summary>Freezes it without waiting, for pauses that follow each other quickly.</summary>
    public void Pause() => Signals.Send(_process, Signals.Stop);

    /// <summary>Lets it go on after <see cref="FreezeAsync"/> or <see cref="Pause"/>.</summary>
    public void Resume() => Signals.Send(_process, Signals.Continue);

    /// <summary>Bytes of memory that it occupies now.</summary>
    public long ResidentBytes()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Processor time that it used since its start, all threads together.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <exception cref="NodeException">It did not end within the bound.</exception>
    public async Task<int> TerminateAsync()
    {
        Signals.Send(_process, Signals.Terminate);
        return await EndAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Waits for it to end by itself; gives the exit code.</summary>
    /// <exception cref="NodeException">It did not end within the bound.</exception>
    public async Task<int> EndAsync(TimeSpan atMost)
    {
        using var bound = new CancellationTokenSource(atMost);
        try
        {
            await _process.WaitForExitAsync(bound.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new NodeException($"the node did not end within {atMost.TotalSeconds} s: {Tail()}");
        }
    }

    /// <summary>The last lines it printed, for messages.</summary>
    public string Tail(int lines = 12) => string.Join(Environment.NewLine, _lines.TakeLast(lines).Prepend(""));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await KillAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        _lines.Enqueue(line);
        if (line.StartsWith("BitArk ", StringComparison.Ordinal) && line.Contains(" ready: ", StringComparison.Ordinal))
            _ready.TrySetResult();
    }

    private string Port(string listener) =>
        File.ReadLines(PortsFile(_settings)).First(line => line.StartsWith($"{listener}=", StringComparison.Ordinal))[(listener.Length + 1)..].Trim();

    private static string PortsFile(NodeSettings settings) => Path.Combine(settings.DataDirectory, "node.ports");
}

/// <summary>A node did not do what a node must; the message carries its last lines.</summary>
internal sealed class NodeException(string message) : Exception(message);

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace BitArk.Node.Tests.EndToEnd;

/// <summary>A node as a process of its own, the way an operator starts it.</summary>
internal sealed class NodeUnderTest : IDisposable
{
    private const string ReadyMark = " ready:";
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _data;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeUnderTest(string data, IEnumerable<string> arguments)
    {
        _data = data;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "BitArk.Node.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        _process.ErrorDataReceived += (_, line) => OnError(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("The node ended before it was ready."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it wrote to stderr.</summary>
    public IReadOnlyList<string> Errors => _errors.ToArray();

    /// <summary>What it wrote to stdout.</summary>
    public IReadOnlyList<string> Output => _output.ToArray();

    /// <summary>The process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts one on free ports; does not wait.</summary>
    public static NodeUnderTest Start(string data, params string[] more) =>
        new(data, ["--set", $"bitark.data-dir=\"{data}\"", "--set", "bitark.http.port=-1", "--set", "bitark.grpc.port=-1", .. more]);

    /// <summary>Waits for the line that says it is ready, and answers it.</summary>
    public Task<string> WhenReadyAsync() => _ready.Task.WaitAsync(Patience);

    /// <summary>A client of the port that <c>node.ports</c> names.</summary>
    public HttpClient Client()
    {
        var ports = Ports();
        return new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports["http"]}") };
    }

    /// <summary>The lines of <c>node.ports</c>.</summary>
    public Dictionary<string, int> Ports() => File.ReadAllLines(Path.Combine(_data, "node.ports"))
        .Select(line => line.Split('='))
        .ToDictionary(pair => pair[0], pair => int.Parse(pair[1], CultureInfo.InvariantCulture));

    /// <summary>The power goes: SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WhenEndedAsync();
    }

    /// <summary>Asks it to leave: SIGTERM. Answers the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync($"{SigTerm}");
        return await WhenEndedAsync();
    }

    /// <summary>It stands still: SIGSTOP.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>It goes on: SIGCONT.</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Waits until it has ended and all it wrote has been read; answers the exit code.</summary>
    public async Task<int> WhenEndedAsync()
    {
        using var bound = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(bound.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private void OnOutput(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (line.StartsWith("BitArk ", StringComparison.Ordinal) && line.Contains(ReadyMark, StringComparison.Ordinal))
            _ready.TrySetResult(line);
    }

    private void OnError(string? line)
    {
        if (line is not null)
            _errors.Enqueue(line);
    }
}

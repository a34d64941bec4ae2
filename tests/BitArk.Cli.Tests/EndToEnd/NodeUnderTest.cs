using System.Diagnostics;
using System.Text.RegularExpressions;

namespace BitArk.Cli.Tests.EndToEnd;

/// <summary>A real node in a process of its own, that can be killed and started again on the same data and ports.</summary>
internal sealed partial class NodeUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);
    private readonly TemporaryDirectory _directory = new();
    private Process? _process;
    private int _httpPort = -1;
    private int _grpcPort = -1;

    public string Grpc => $"grpc://127.0.0.1:{_grpcPort}";

    public string Http => $"http://127.0.0.1:{_httpPort}";

    public int Pid => _process!.Id;

    public string DataDirectory => _directory.File("data");

    public static async Task<NodeUnderTest> StartAsync()
    {
        var node = new NodeUnderTest();
        await node.RestartAsync();
        return node;
    }

    /// <summary>Starts the process and waits for its line that says it is ready.</summary>
    public async Task RestartAsync()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "BitArk.Node.dll"));
        foreach (var setting in (string[])[$"bitark.data-dir=\"{DataDirectory}\"", $"bitark.http.port={_httpPort}", $"bitark.grpc.port={_grpcPort}", "bitark.resp.port=0", "bitark.wal.segment-bytes=1 MiB"])
        {
            start.ArgumentList.Add("--set");
            start.ArgumentList.Add(setting);
        }

        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        void Hear(string? line)
        {
            lock (said)
            {
                said.Add(line ?? "");
            }

            if (line is not null && ReadyLine().Match(line) is { Success: true } match)
            {
                _httpPort = int.Parse(match.Groups["http"].Value, System.Globalization.CultureInfo.InvariantCulture);
                _grpcPort = int.Parse(match.Groups["grpc"].Value, System.Globalization.CultureInfo.InvariantCulture);
                ready.TrySetResult();
            }
        }

        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) =>
        {
            lock (said)
            {
                ready.TrySetException(new InvalidOperationException("the node ended: " + string.Join('\n', said)));
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ready.Task.WaitAsync(StartBound);
    }

    /// <summary>SIGKILL: nothing is flushed, nobody is told.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _directory.Dispose();
    }

    [GeneratedRegex(@"ready: .*http://127\.0\.0\.1:(?<http>\d+) .*grpc://127\.0\.0\.1:(?<grpc>\d+)")]
    private static partial Regex ReadyLine();
}

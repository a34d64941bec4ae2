using System.Net.Sockets;
using BitArk.Cluster;
using BitArk.Node.Hosting;
using BitArk.Node.Tests.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BitArk.Node.Tests.Hosting;

/// <summary>What the process answers when its host ends before it has started.</summary>
public sealed class HostRunSpecs : IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly StringWriter _error = new();
    private readonly TaskCompletionSource<NodeFailure> _failure = new();

    private string[] Lines => _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public async Task Should_end_as_asked_when_told_to_leave_while_starting()
    {
        Assert.Equal(NodeProcess.Ok, await RunAsync(lifetime => lifetime.StopApplication(), wasAsked: true));
        Assert.Empty(Lines);
    }

    [Fact]
    public async Task Should_tell_the_failure_alone_when_the_node_fails_while_starting()
    {
        var code = await RunAsync(
            lifetime =>
            {
                _failure.SetResult(new NodeFailure(new PartitionId(3), "a damaged log"));
                lifetime.StopApplication();
            },
            wasAsked: false);

        Assert.Equal(NodeFailure.ExitCode, code);
        Assert.Contains("partition 3: a damaged log", Assert.Single(Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_fail_with_one_line_when_the_host_stops_by_itself()
    {
        Assert.Equal(NodeProcess.Failed, await RunAsync(lifetime => lifetime.StopApplication(), wasAsked: false));
        Assert.Single(Lines);
    }

    [Fact]
    public async Task Should_fail_with_one_line_when_a_start_throws_anything()
    {
        Assert.Equal(NodeProcess.Failed, await RunAsync(_ => throw new SocketException((int)SocketError.AccessDenied), wasAsked: false));
        Assert.StartsWith("bitark: the node cannot start: ", Assert.Single(Lines), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _error.Dispose();
        _data.Dispose();
    }

    private async Task<int> RunAsync(Action<IHostApplicationLifetime> whileStarting, bool wasAsked)
    {
        var settings = SettingsLoader.FromHocon($"bitark {{ http.port = -1, grpc.port = -1, data-dir = \"{_data.FullPath}\" }}");
        await using var app = NodeApplication.Build(settings, services => services
            .AddSingleton<IReadStatusNode>(new ModelNode())
            .AddHostedService(provider => new Step(provider.GetRequiredService<IHostApplicationLifetime>(), whileStarting)));
        return await HostRun.RunAsync(app, _failure.Task, () => wasAsked, _error);
    }

    private sealed class Step(IHostApplicationLifetime lifetime, Action<IHostApplicationLifetime> whileStarting) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            whileStarting(lifetime);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

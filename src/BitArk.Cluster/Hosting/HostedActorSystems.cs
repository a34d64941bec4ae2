using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BitArk.Cluster;

/// <summary>
/// ActorSystems as Akka.Hosting makes them, each in a small host of its own: Akka.Hosting ends the host whose ActorSystem ends, and
/// the process's, with the front ends in it, is to go on.
/// </summary>
/// <param name="loggers">The process's.</param>
internal sealed class HostedActorSystems(ILoggerFactory loggers) : IActorSystems
{
    public async Task<RunningSystem> StartAsync(Config config, CancellationToken cancellation)
    {
        // The empty builder reads no environment and no files.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = BitArkNode.SystemName });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();

        // The process's own host bounds the end; this one is to see its end whenever that comes.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddAkka(BitArkNode.SystemName, (akka, _) =>
        {
            akka.ConfigureLoggers(with =>
            {
                with.ClearLoggers();
                with.AddLoggerFactory();
            });
            akka.AddHocon(config, HoconAddMode.Prepend);
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellation).ConfigureAwait(false);

            // Its hosted service logs why it could not start, and says nothing: making the ActorSystem fails again with the same reason.
            var system = host.Services.GetRequiredService<ActorSystem>();
            var end = new Lazy<Task>(() => EndAsync(host));
            return new RunningSystem(system, () => end.Value);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    private static async Task EndAsync(IHost host)
    {
        try
        {
            await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            host.Dispose();
        }
    }

    // Signals are the process's affair.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

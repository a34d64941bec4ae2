using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace BitArk.Cluster.Tests.Hosting;

/// <summary>Keeps the critical lines.</summary>
internal sealed class RecordedLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Critical { get; } = new();

    /// <summary>Called before a critical line is kept.</summary>
    public Action? BeforeCritical { get; set; }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel != LogLevel.Critical)
            return;

        BeforeCritical?.Invoke();
        Critical.Enqueue(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}

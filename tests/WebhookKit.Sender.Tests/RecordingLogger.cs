using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WebhookKit.Sender.Tests;

/// <summary>Keeps every log event.</summary>
internal sealed class RecordingLogger : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(string? Name, LogLevel Level, string Text)> _events = new();

    public IReadOnlyList<(string? Name, LogLevel Level, string Text)> Events => _events.ToArray();

    public int Count(string eventName) => _events.Count(logged => logged.Name == eventName);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _events.Enqueue((eventId.Name, logLevel, $"{formatter(state, exception)} {exception}"));

    public void Dispose()
    {
    }
}

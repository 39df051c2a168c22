using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WebhookKit.AspNetCore.Tests.Hosting;

internal sealed record LogEntry(string Category, LogLevel Level, string? EventName, string Text);

/// <summary>Keeps everything that is logged, exceptions included.</summary>
internal sealed class RecordingLog : ILoggerProvider
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();

    public IReadOnlyList<LogEntry> Entries => [.. _entries];

    /// <summary>What WebhookKit itself logged.</summary>
    public IReadOnlyList<LogEntry> Own => [.. _entries.Where(entry => entry.Category.StartsWith("WebhookKit", StringComparison.Ordinal))];

    public LogEntry Single(string eventName) => Own.Single(entry => entry.EventName == eventName);

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _entries);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<LogEntry> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue(new LogEntry(category, logLevel, eventId.Name, $"{formatter(state, exception)} {exception}"));
    }
}

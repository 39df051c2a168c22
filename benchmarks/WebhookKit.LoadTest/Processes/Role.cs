using System.Text.Json;

namespace WebhookKit.LoadTest.Processes;

/// <summary>What a process of its own does: it answers questions until its input ends.</summary>
internal abstract class Role : IAsyncDisposable
{
    /// <summary>Answers a question; an exception becomes the answer's error.</summary>
    public abstract Task<object?> AnswerAsync(string question, JsonElement argument, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    protected static Exception Unknown(string question) => new LoadTestException($"Nobody here knows '{question}'.");
}

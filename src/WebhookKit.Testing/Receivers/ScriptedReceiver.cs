using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace WebhookKit.Testing;

/// <summary>A real HTTP server on a free loopback port that records every request and answers by script.</summary>
/// <remarks>
/// A sender reaches it with <c>AllowInsecureEndpoints</c> and <c>AllowLoopback</c>. Answers are used in the order they
/// were added, whatever the path; when none is left, <see cref="DefaultAnswer"/> is given.
/// </remarks>
public sealed class ScriptedReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceiverAnswer> _answers = new();
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _timeProvider;
    private readonly WebApplication _app;
    private volatile TaskCompletionSource _arrived = NewSignal();

    private ScriptedReceiver(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Where it listens, with a path: <c>http://127.0.0.1:{port}/hooks</c>.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>The answer when the script has come to its end.</summary>
    /// <value>Default: 200 without a body.</value>
    public ReceiverAnswer DefaultAnswer { get; set; } = ReceiverAnswer.Status(200);

    /// <summary>Every request so far, in the order they had been read.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => _requests.ToArray();

    /// <summary>Starts a receiver.</summary>
    /// <param name="timeProvider">Gives <see cref="ReceivedRequest.ArrivedAt"/>; the system's clock when omitted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ScriptedReceiver> StartAsync(
        TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        var receiver = new ScriptedReceiver(timeProvider ?? TimeProvider.System);
        await receiver._app.StartAsync(cancellationToken).ConfigureAwait(false);
        receiver.Url = new Uri(new Uri(receiver._app.Urls.Single()), "/hooks");
        return receiver;
    }

    /// <summary>Adds answers to the end of the script, each for one request.</summary>
    public ScriptedReceiver Answer(params ReadOnlySpan<ReceiverAnswer> answers)
    {
        foreach (var answer in answers)
        {
            _answers.Enqueue(answer);
        }

        return this;
    }

    /// <summary>Waits until that many requests have arrived in all.</summary>
    /// <param name="count">How many, those of the past included.</param>
    /// <param name="timeout">How long at most, in real time; one minute when omitted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">Fewer have arrived in time.</exception>
    public async Task<IReadOnlyList<ReceivedRequest>> WaitForRequestsAsync(
        int count, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var limit = timeout ?? TimeSpan.FromMinutes(1);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var arrived = _arrived.Task;
            if (_requests.Count >= count)
            {
                return Requests;
            }

            var left = limit - TimeProvider.System.GetElapsedTime(started);
            try
            {
                await arrived.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"{_requests.Count} of {count} requests arrived within {limit.TotalSeconds:0.###} s.");
            }
        }
    }

    /// <summary>Stops listening and breaks connections that are still open.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // The script's own waits end with the receiver, not only with the client.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        context.RequestAborted = either.Token;
        try
        {
            await RecordAsync(context).ConfigureAwait(false);
            var answer = _answers.TryDequeue(out var next) ? next : DefaultAnswer;
            await answer.WriteAsync(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private async Task RecordAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        _requests.Enqueue(new ReceivedRequest
        {
            Method = context.Request.Method,
            Path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            Headers = new Dictionary<string, StringValues>(context.Request.Headers, StringComparer.OrdinalIgnoreCase),
            Body = body.ToArray(),
            ArrivedAt = _timeProvider.GetUtcNow(),
        });
        Interlocked.Exchange(ref _arrived, NewSignal()).TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebhookKit.Chaos.History;
using WebhookKit.Chaos.Nodes;

namespace WebhookKit.Chaos.Receiving;

/// <summary>The receiver of all endpoints, in the process that no fault strikes: it takes its time, and writes down every request.</summary>
internal sealed class ChaosReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Request> _requests = new();
    private readonly ConcurrentDictionary<string, int> _inFlight = new();
    private readonly ConcurrentDictionary<(Guid Message, Guid Endpoint), int> _asked = new();
    private readonly Dictionary<string, ChaosEndpoint> _endpoints;
    private readonly AnswerScript _script;
    private readonly SignatureCheck _signature;
    private readonly TimeProvider _timeProvider;
    private readonly WebApplication _app;

    private ChaosReceiver(IEnumerable<ChaosEndpoint> endpoints, string secret, AnswerScript script, TimeProvider timeProvider)
    {
        _endpoints = endpoints.ToDictionary(endpoint => $"/{endpoint.Name}");
        _script = script;
        _signature = new SignatureCheck(secret);
        _timeProvider = timeProvider;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Url => _app.Urls.Single();

    public IReadOnlyList<Request> Requests => _requests.ToArray();

    public static async Task<ChaosReceiver> StartAsync(
        IEnumerable<ChaosEndpoint> endpoints, string secret, AnswerScript script, TimeProvider timeProvider)
    {
        var receiver = new ChaosReceiver(endpoints, secret, script, timeProvider);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>How many requests of a node wait for their answer.</summary>
    public int InFlightOf(string node) => _inFlight.GetValueOrDefault(node);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var arrivedAt = _timeProvider.GetUtcNow();
        var node = context.Request.Headers[NodeHeaderHandler.Header].ToString();
        _inFlight.AddOrUpdate(node, 1, (_, count) => count + 1);
        try
        {
            var endpoint = _endpoints[context.Request.Path.Value!];
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var request = _signature.Read(context.Request.Headers, body.ToArray()) with
            {
                EndpointId = endpoint.Id,
                Node = node,
                ArrivedAt = arrivedAt,
            };
            var time = _asked.AddOrUpdate((request.MessageId, endpoint.Id), 1, (_, times) => times + 1);
            await AnswerAsync(context, request, _script.Answer(request.MessageId, endpoint, time));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or BadHttpRequestException)
        {
            // The sender was gone before all of its request was here: it has sent nothing that could be counted.
        }
        finally
        {
            _inFlight.AddOrUpdate(node, 0, (_, count) => count - 1);
        }
    }

    private async Task AnswerAsync(HttpContext context, Request request, Answer answer)
    {
        try
        {
            await Task.Delay(answer.After, _timeProvider, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            _requests.Enqueue(request with { EndedAt = _timeProvider.GetUtcNow() });
            throw;
        }

        // Before it is written: what follows at the sender must not seem to come before its cause.
        _requests.Enqueue(request with { EndedAt = _timeProvider.GetUtcNow(), StatusCode = answer.StatusCode });
        context.Response.StatusCode = answer.StatusCode;
    }
}

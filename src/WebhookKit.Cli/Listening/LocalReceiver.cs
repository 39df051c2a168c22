using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using WebhookKit.Verification;

namespace WebhookKit.Cli.Listening;

/// <summary>A server on the loopback address that shows every request, one after the other.</summary>
internal sealed class LocalReceiver(IRequestPrinter printer, RequestExaminer? examiner)
{
    private const int MaxBodyBytes = 10 * 1024 * 1024;

    private readonly SemaphoreSlim _turn = new(1);
    private int _seen;

    public int Port { get; init; }

    public int StatusCode { get; init; } = StatusCodes.Status200OK;

    /// <summary>Stops after so many requests; null never.</summary>
    public int? Count { get; init; }

    /// <summary>Scheme and host as the provider calls them.</summary>
    public string? PublicUrl { get; init; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Listen(IPAddress.Loopback, Port);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        await using (app.ConfigureAwait(false))
        {
            app.Run(http => ReceiveAsync(http, app.Lifetime));
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            await printer.PrintListeningAsync(app.Urls.Single()).ConfigureAwait(false);
            await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReceiveAsync(HttpContext http, IHostApplicationLifetime lifetime)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted).ConfigureAwait(false);
        KeyValuePair<string, string>[] headers =
            [.. http.Request.Headers.SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value ?? "")))];
        var request = new WebhookRequest(http.Request.Method, UrlOf(http.Request), WebhookHeaders.Create(headers), body.ToArray());

        await _turn.WaitAsync(http.RequestAborted).ConfigureAwait(false);
        try
        {
            var verdict = examiner is null ? null : await examiner.ExamineAsync(request, http.RequestAborted).ConfigureAwait(false);
            http.Response.StatusCode = verdict?.Answer?.StatusCode ?? StatusCode;
            await printer.PrintAsync(new SeenRequest(request, headers, verdict, http.Response.StatusCode)).ConfigureAwait(false);
            await AnswerAsync(http.Response, verdict).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }

        // Once answered: a stop in the middle could cut the answer off.
        if (Interlocked.Increment(ref _seen) == Count)
        {
            http.Response.OnCompleted(() =>
            {
                lifetime.StopApplication();
                return Task.CompletedTask;
            });
        }
    }

    private static async Task AnswerAsync(HttpResponse response, Verdict? verdict)
    {
        if (verdict?.Answer is not { } answer)
        {
            return;
        }

        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = new StringValues(value);
        }

        if (answer.ContentType is not null)
        {
            response.ContentType = answer.ContentType;
            response.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body, response.HttpContext.RequestAborted).ConfigureAwait(false);
        }
    }

    private string UrlOf(HttpRequest request) => PublicUrl is null
        ? request.GetEncodedUrl()
        : PublicUrl.TrimEnd('/') + request.GetEncodedPathAndQuery();
}

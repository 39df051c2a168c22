using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookKit.Handlers;
using WebhookKit.Idempotency;
using WebhookKit.Sources;
using WebhookKit.Verification;

namespace WebhookKit.Receiving;

/// <summary>Takes a request through the steps from source to answer.</summary>
internal sealed class WebhookReceiver(
    SourceRegistry sources,
    IHostApplicationLifetime lifetime,
    TimeProvider timeProvider,
    IOptions<WebhooksOptions> options,
    ILogger<WebhookReceiver> logger)
{
    private readonly JsonSerializerOptions _json = options.Value.JsonSerializerOptions;

    public async Task ReceiveAsync(HttpContext http, string sourceName)
    {
        // 1. Source.
        if (sources.Acquire(sourceName) is not { } source)
        {
            Log.UnknownSource(logger, SourceName.IsValid(sourceName) ? sourceName : "(not a source name)");
            ReceiveResponse.Write(http.Response, ReceiveOutcome.UnknownSource);
            return;
        }

        try
        {
            ReceiveResponse.Write(http.Response, await ReceiveAsync(http, source));
        }
        finally
        {
            source.Release();
        }
    }

    private async ValueTask<ReceiveOutcome> ReceiveAsync(HttpContext http, Source source)
    {
        // 2. Method.
        if (!source.AllowsMethod(http.Request.Method))
        {
            Log.MethodNotAllowed(logger, source.Name);
            http.Response.Headers.Allow = source.AllowedMethods;
            return ReceiveOutcome.MethodNotAllowed;
        }

        // 3. Content type and limits.
        if (!source.AllowsContentType(http.Request.ContentType))
        {
            Log.UnsupportedContentType(logger, source.Name);
            return ReceiveOutcome.UnsupportedContentType;
        }

        // 4. Raw bytes, in a pooled buffer that is given back when the handlers have returned.
        RequestBody? received;
        try
        {
            received = await RequestBody.ReadAsync(http.Request, source.MaxBodyBytes, http.RequestAborted);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            received = null;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            Log.BodyIncomplete(logger, source.Name);
            return ReceiveOutcome.BodyIncomplete;
        }

        if (received is null)
        {
            Log.BodyTooLarge(logger, source.Name, source.MaxBodyBytes);
            return ReceiveOutcome.BodyTooLarge;
        }

        using var body = received;

        // 5. Signature and freshness, over the bytes as they came.
        var verified = await source.Verifier.VerifyAsync(
            new WebhookRequest(http.Request.Method, url: null, WebhookHeaders.Wrap(http.Request.Headers), body.Bytes),
            http.RequestAborted);
        if (!verified.IsVerified)
        {
            Log.NotVerified(logger, source.Name, verified.Status);
            return ReceiveOutcome.NotVerified;
        }

        // 6. Event.
        var id = ClaimKey.Of(verified, body.Bytes);
        if (EventTypeReader.Read(body.Bytes.Span, source.EventTypePointer, out var reason) is not { } eventType)
        {
            Log.Unreadable(logger, source.Name, id, reason, source.EventTypePointer);
            return ReceiveOutcome.Unreadable;
        }

        if (!source.Handlers.TryGetValue(eventType, out var handlers))
        {
            Log.Unwanted(logger, source.Name, id, eventType);
            return ReceiveOutcome.Unwanted;
        }

        var webhook = new ReceivedWebhook
        {
            Source = source.Name,
            Id = id,
            EventType = eventType,
            Timestamp = verified.Timestamp,
            Payload = body.Bytes,
        };

        // 7. Claim and hand over.
        return await HandOverAsync(http.RequestServices, source, handlers, webhook);
    }

    private async Task<ReceiveOutcome> HandOverAsync(
        IServiceProvider services, Source source, HandlerRegistration[] handlers, ReceivedWebhook webhook)
    {
        var received = new ReceivedEvent(webhook, source.DataPointer, _json);
        var claim = new WebhookClaim(source.Name, webhook.TenantId, webhook.Id, source.ClaimMemory);

        // Not the request's token: a sender that hangs up must not undo work that is nearly done.
        using var timeout = new CancellationTokenSource(source.HandlerTimeout, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, lifetime.ApplicationStopping);
        try
        {
            var result = await services.GetRequiredService<IHandlerTransaction>().ExecuteAsync(
                claim,
                async (scope, cancellationToken) =>
                {
                    foreach (var handler in handlers)
                    {
                        await handler.Invoke(received, scope, cancellationToken);
                    }
                },
                stop.Token);
            Log.HandedOver(logger, source.Name, webhook.Id, webhook.EventType, result);
            return result switch
            {
                HandlingResult.Handled => ReceiveOutcome.Handled,
                HandlingResult.Duplicate => ReceiveOutcome.Duplicate,
                HandlingResult.Busy => ReceiveOutcome.Busy,
                HandlingResult.Full => ReceiveOutcome.Full,
                _ => ReceiveOutcome.HandlerFailed,
            };
        }
        catch (DataBindingException exception)
        {
            Log.DataNotBound(logger, source.Name, webhook.Id, webhook.EventType, exception.DataType, exception.Where);
            return ReceiveOutcome.DataNotBound;
        }
        catch (Exception exception) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            Log.StoppedWhileHandling(logger, exception, source.Name, webhook.Id, webhook.EventType);
            return ReceiveOutcome.Stopping;
        }
        catch (Exception exception) when (timeout.IsCancellationRequested)
        {
            Log.HandlerTimedOut(logger, exception, source.Name, webhook.Id, webhook.EventType, source.HandlerTimeout);
            return ReceiveOutcome.HandlerTimedOut;
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(logger, exception, source.Name, webhook.Id, webhook.EventType);
            return ReceiveOutcome.HandlerFailed;
        }
    }
}

using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookKit.Handlers;
using WebhookKit.Idempotency;
using WebhookKit.Sources;

namespace WebhookKit.Receiving;

/// <summary>Claims an event and runs its handlers in one transaction, before the sender is answered.</summary>
internal sealed class InlineHandOver(
    IHostApplicationLifetime lifetime,
    TimeProvider timeProvider,
    IOptions<WebhooksOptions> options,
    ILogger<InlineHandOver> logger)
{
    private readonly JsonSerializerOptions _json = options.Value.JsonSerializerOptions;

    public async ValueTask<ReceiveOutcome> HandOverAsync(
        IHandlerTransaction transaction, Source source, HandlerRegistration[] handlers, ReceivedWebhook webhook)
    {
        var received = new ReceivedEvent(webhook, handlers, source.DataPointer, _json);
        var claim = new WebhookClaim(source.Name, webhook.TenantId, webhook.Id, source.ClaimMemory);

        // Not the request's token: a sender that hangs up must not undo work that is nearly done.
        using var stop = new CancellationTokenSource(source.HandlerTimeout, timeProvider);
        using var stopping = lifetime.ApplicationStopping.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), stop);
        try
        {
            var result = await transaction.ExecuteAsync(claim, received.HandleAsync, stop.Token);
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
        catch (Exception exception) when (stop.IsCancellationRequested)
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

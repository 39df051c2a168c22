using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookKit.Handlers;
using WebhookKit.Idempotency;
using WebhookKit.Receiving;
using WebhookKit.Sources;

namespace WebhookKit.Inbox;

/// <summary>Handles one leased entry, and writes back what came of it.</summary>
internal sealed class InboxRunner(
    SourceRegistry sources,
    IHandlerTransaction transaction,
    IInboxStore inbox,
    TimeProvider timeProvider,
    ReceiverMetrics metrics,
    IOptions<WebhooksOptions> options,
    ILogger<InboxRunner> logger)
{
    private readonly JsonSerializerOptions _json = options.Value.JsonSerializerOptions;
    private readonly Random _random = new();

    /// <summary>Never throws: what cannot be written back falls due again when the lease ends.</summary>
    public async Task RunAsync(
        string sourceName, InboxOptions inboxOptions, LeasedInboxEntry leased, InboxOutage outage, CancellationToken hurry)
    {
        var outcome = InboxOutcome.None;
        try
        {
            outcome = leased.Leases > InboxDefaults.MaxLeases
                ? await AbandonAsync(leased, outage, hurry)
                : await HandleAsync(sourceName, inboxOptions, leased, outage, hurry);
        }
        catch (OperationCanceledException) when (hurry.IsCancellationRequested)
        {
            outcome = InboxOutcome.Stopped;
            Log.InboxEventGivenUp(logger, sourceName, leased.Entry.Claim.Key, leased.Entry.EventType);
        }
        catch (Exception exception)
        {
            Log.InboxEventNotWritten(logger, exception, sourceName, leased.Entry.Claim.Key);
        }

        metrics.InboxEntryEnded(sourceName, outcome);
    }

    private async Task<InboxOutcome> HandleAsync(
        string sourceName, InboxOptions inboxOptions, LeasedInboxEntry leased, InboxOutage outage, CancellationToken hurry)
    {
        var entry = leased.Entry;
        if (sources.Snapshot.Find(sourceName, entry.Claim.TenantId) is not { } source || source.FindHandlers(entry.EventType) is not { } handlers)
        {
            // Perhaps a newer version received it, and runs beside this one.
            var missing = new InvalidOperationException(
                $"No handler is registered for event type '{entry.EventType}' of source '{sourceName}' in this process.");
            return await FailAsync(inboxOptions, leased, missing, outage, hurry);
        }

        using var timeout = new CancellationTokenSource(source.HandlerTimeout, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, hurry);
        Exception failure;
        try
        {
            var received = new ReceivedEvent(ToWebhook(entry), handlers, source.DataPointer, _json);
            var result = await transaction.ExecuteAsync(leased, received.HandleAsync, stop.Token);
            Log.InboxEventHandled(logger, sourceName, entry.Claim.Key, entry.EventType, result);
            return result == HandlingResult.Handled ? InboxOutcome.Handled : InboxOutcome.LeaseLost;
        }
        catch (Exception exception)
        {
            hurry.ThrowIfCancellationRequested();
            failure = timeout.IsCancellationRequested
                ? new TimeoutException($"Its handlers took longer than {source.HandlerTimeout} (HandlerTimeout).", exception)
                : exception;
        }

        return await FailAsync(inboxOptions, leased, failure, outage, hurry);
    }

    private async Task<InboxOutcome> FailAsync(
        InboxOptions inboxOptions, LeasedInboxEntry leased, Exception failure, InboxOutage outage, CancellationToken hurry)
    {
        var claim = leased.Entry.Claim;
        var attempts = leased.Attempts + 1;
        var delay = inboxOptions.RetrySchedule.GetDelay(attempts, NextRandom());
        var error = $"{failure.GetType().Name}: {failure.Message}";
        error = Storable(error[..Math.Min(error.Length, InboxDefaults.MaxErrorLength)]);
        if (delay is { } wait)
        {
            Log.InboxEventFailed(logger, failure, claim.Source, claim.Key, leased.Entry.EventType, attempts, wait);
            return await CompleteAsync(new InboxCompletion(leased, InboxStatus.Pending, wait, error), InboxOutcome.Failed, outage, hurry);
        }

        Log.InboxEventDeadLettered(logger, failure, claim.Source, claim.Key, leased.Entry.EventType, attempts);
        return await CompleteAsync(
            new InboxCompletion(leased, InboxStatus.DeadLettered, Error: error), InboxOutcome.DeadLettered, outage, hurry);
    }

    private Task<InboxOutcome> AbandonAsync(LeasedInboxEntry leased, InboxOutage outage, CancellationToken hurry)
    {
        var error = $"Abandoned: leased {InboxDefaults.MaxLeases} times without an outcome. Does its payload end the process?";
        Log.InboxEventAbandoned(logger, leased.Entry.Claim.Source, leased.Entry.Claim.Key, leased.Entry.EventType, InboxDefaults.MaxLeases);
        return CompleteAsync(
            new InboxCompletion(leased, InboxStatus.DeadLettered, Error: error), InboxOutcome.DeadLettered, outage, hurry);
    }

    private async Task<InboxOutcome> CompleteAsync(
        InboxCompletion completion, InboxOutcome written, InboxOutage outage, CancellationToken hurry)
    {
        // Longer makes no sense: then another has the lease.
        using var leaseEnds = new CancellationTokenSource(InboxDefaults.LeaseMargin, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(leaseEnds.Token, hurry);
        var late = await outage.RunAsync(token => inbox.CompleteAsync([completion], token), stop.Token);
        return late.Count == 0 ? written : InboxOutcome.LeaseLost;
    }

    // PostgreSQL keeps neither U+0000 nor half a surrogate pair in a text, and the cut may have made one.
    private static string Storable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', ' ');

    private static ReceivedWebhook ToWebhook(InboxEntry entry) => new()
    {
        Source = entry.Claim.Source,
        Id = entry.Claim.Key,
        EventType = entry.EventType,
        Timestamp = entry.SignedAt,
        TenantId = entry.Claim.TenantId,
        ContentType = entry.ContentType,
        Payload = entry.Payload,
    };

    private double NextRandom()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }
}

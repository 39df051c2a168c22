using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebhookKit.Idempotency;
using WebhookKit.Receiving;
using WebhookKit.Sources;

namespace WebhookKit.Inbox;

/// <summary>Claims and keeps the events of one request, all or none, before the sender is answered.</summary>
internal sealed class InboxHandOver(
    IHostApplicationLifetime lifetime, TimeProvider timeProvider, InboxSignal signal, ReceiverMetrics metrics, ILogger<InboxHandOver> logger)
{
    public async Task<ReceiveOutcome> HandOverAsync(
        IInboxStore inbox, Source source, IReadOnlyList<RequestEvent> wanted, ReceivedRequest request)
    {
        // Copied: the bytes of the request are lent.
        InboxEntry[] entries =
        [
            .. wanted.Select(next => new InboxEntry
            {
                Claim = new WebhookClaim(source.Name, request.TenantId, next.ClaimKey, source.ClaimMemory),
                EventType = next.EventType,
                ContentType = next.ContentType,
                OrderingKey = source.FindOrderingKey(next.Payload.Span),
                SignedAt = request.SignedAt,
                Payload = next.Payload.ToArray(),
            }),
        ];

        using var timeout = new CancellationTokenSource(source.HandlerTimeout, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, lifetime.ApplicationStopping);
        IReadOnlyList<InboxAppendResult> results;
        try
        {
            results = await inbox.AppendAsync(entries, stop.Token);
        }
        catch (Exception exception)
        {
            Log.InboxEventsNotKept(logger, exception, source.Name, entries.Length);
            return ReceiveOutcome.NotKept;
        }

        var outcome = ReceiveOutcome.None;
        for (var i = 0; i < entries.Length; i++)
        {
            var one = results[i] switch
            {
                InboxAppendResult.Accepted => ReceiveOutcome.Kept,
                InboxAppendResult.Duplicate => ReceiveOutcome.Duplicate,
                InboxAppendResult.Full => ReceiveOutcome.Full,
                _ => ReceiveOutcome.NotKept,
            };
            Log.InboxEventKept(logger, source.Name, entries[i].Claim.Key, entries[i].EventType, results[i]);
            metrics.EventReceived(source.Name, one);
            outcome = one > outcome ? one : outcome;
        }

        signal.Wake(source.Name);
        return outcome;
    }
}

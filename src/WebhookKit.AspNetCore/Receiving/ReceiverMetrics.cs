using System.Diagnostics.Metrics;
using WebhookKit.Diagnostics;
using WebhookKit.Inbox;

namespace WebhookKit.Receiving;

/// <summary>Counts what is received.</summary>
internal sealed class ReceiverMetrics
{
    private readonly Counter<long> _requests;
    private readonly Counter<long> _events;
    private readonly Counter<long> _inboxAttempts;

    public ReceiverMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(WebhookMeters.Receiver);
        _requests = meter.CreateCounter<long>(
            "webhookkit.receiver.requests", "{request}", "Requests by source and by what they came to");
        _events = meter.CreateCounter<long>(
            "webhookkit.receiver.events", "{event}", "Verified events by source and by what they came to");
        _inboxAttempts = meter.CreateCounter<long>(
            "webhookkit.inbox.attempts", "{attempt}", "Attempts to handle inbox events by source and by what they came to");
    }

    // No event type among the tags: a sender's new types must not become new series.
    public void RequestAnswered(string source, ReceiveOutcome outcome) => Count(_requests, source, outcome);

    public void EventReceived(string source, ReceiveOutcome outcome) => Count(_events, source, outcome);

    public void InboxEntryEnded(string source, InboxOutcome outcome) => Count(_inboxAttempts, source, outcome);

    private static void Count<TOutcome>(Counter<long> counter, string source, TOutcome outcome)
        where TOutcome : struct, Enum
    {
        if (counter.Enabled)
        {
            counter.Add(1, new("webhookkit.source", source), new("webhookkit.outcome", outcome.ToString()));
        }
    }
}

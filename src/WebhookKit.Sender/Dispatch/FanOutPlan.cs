using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Identifiers;
using WebhookKit.Outbox;
using WebhookKit.Rendering;

namespace WebhookKit.Dispatch;

/// <summary>Matches one batch of messages with endpoints; a delivery that has a free slot is made already leased.</summary>
internal sealed class FanOutPlan(
    ContentFilters filters,
    IdGenerator ids,
    DispatchSlots slots,
    DueEndpoints due,
    ForeignEndpoints foreign,
    EndpointPolicies policies,
    EndpointRates rates,
    PayloadRenderer renderer,
    TimeProvider timeProvider,
    LeaseClock lease,
    MessageId? skipped)
{
    // A store adds it to its own time, which has to stay a date.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(36_500);

    // A store may keep its transaction open meanwhile, and others wait for it.
    private static readonly TimeSpan LongestRendering = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<(MessageId, string), MessageRendering?> _renderings = [];
    private TimeSpan _rendering;

    /// <summary>The lease of the deliveries that are made already leased.</summary>
    public LeaseClock Lease => lease;

    /// <summary>What the planner was last asked about.</summary>
    public IReadOnlyList<WebhookMessage> Messages { get; private set; } = [];

    /// <summary>The endpoints of the tenants in the batch.</summary>
    public IReadOnlyDictionary<EndpointId, WebhookEndpoint> Endpoints { get; private set; } = new Dictionary<EndpointId, WebhookEndpoint>();

    /// <summary>Whether a delivery was left to be leased later, or by another node, although its endpoint would take it now.</summary>
    public bool LacksSlots { get; private set; }

    /// <summary>The first message, if any, for which an endpoint's filter gave no answer.</summary>
    public (MessageId MessageId, EndpointId EndpointId)? Unfiltered { get; private set; }

    /// <summary>The planner handed to the store; a store that repeats its transaction may call it again.</summary>
    public IReadOnlyList<NewDelivery> Plan(IReadOnlyList<WebhookMessage> messages, IReadOnlyList<WebhookEndpoint> endpoints)
    {
        LacksSlots = false;
        Unfiltered = null;
        var wanted = FindWanted(messages, endpoints);
        foreach (var endpoint in endpoints)
        {
            slots.Limit(endpoint.Id, policies.MaxInFlightOf(endpoint));
        }

        var free = new FreeSlots(slots);
        return wanted.ConvertAll(found => found.IsFiltered && found.Message.Id != skipped
            ? Plan(found.Message, found.Endpoint, free)
            : Skip(found.Message, found.Endpoint));
    }

    private List<Wanted> FindWanted(IReadOnlyList<WebhookMessage> messages, IReadOnlyList<WebhookEndpoint> endpoints)
    {
        Messages = messages;
        Endpoints = endpoints.ToDictionary(endpoint => endpoint.Id);
        var ofTenant = endpoints.ToLookup(endpoint => endpoint.TenantId);
        var wanted = new List<Wanted>(messages.Count);
        foreach (var message in messages)
        {
            AddWanted(message, ofTenant[message.TenantId], wanted);
        }

        return wanted;
    }

    private void AddWanted(WebhookMessage message, IEnumerable<WebhookEndpoint> endpoints, List<Wanted> wanted)
    {
        FilteredPayload? payload = null;
        try
        {
            foreach (var endpoint in endpoints)
            {
                var wants = filters.Wants(endpoint, message, ref payload);
                if (wants is null)
                {
                    Unfiltered ??= (message.Id, endpoint.Id);
                }

                if (wants != false)
                {
                    wanted.Add(new Wanted(message, endpoint, IsFiltered: wants is not null));
                }
            }
        }
        finally
        {
            payload?.Dispose();
        }
    }

    private NewDelivery Skip(WebhookMessage message, WebhookEndpoint endpoint) => new()
    {
        Id = ids.NewDeliveryId(),
        MessageId = message.Id,
        EndpointId = endpoint.Id,
        Status = DeliveryStatus.Skipped,
        Reason = DeliveryStatusReason.FilterFailed,
        PayloadFormat = renderer.FormatOf(endpoint),
    };

    private NewDelivery Plan(WebhookMessage message, WebhookEndpoint endpoint, FreeSlots free)
    {
        var isDisabled = endpoint.Status == EndpointStatus.Disabled;
        var dueIn = message.DeliverAt is { } deliverAt && !isDisabled ? deliverAt - timeProvider.GetUtcNow() : TimeSpan.Zero;
        var orderingKey = endpoint.IsOrdered && !isDisabled ? message.OrderingKey : null;
        var format = renderer.FormatOf(endpoint);
        var rendering = format is null || isDisabled ? null : Render(message, format);
        var isLeased = orderingKey is null
            && (format is null || rendering is not null)
            && dueIn <= TimeSpan.Zero
            && endpoint.Status == EndpointStatus.Enabled
            && endpoint is { IsSlowedDown: false, Rate: null }
            && !rates.Check(endpoint)
            && TryReserve(endpoint.Id, free);
        return new NewDelivery
        {
            Id = ids.NewDeliveryId(),
            MessageId = message.Id,
            EndpointId = endpoint.Id,
            Status = isDisabled ? DeliveryStatus.Skipped : DeliveryStatus.Pending,
            Reason = isDisabled ? DeliveryStatusReason.EndpointDisabled : DeliveryStatusReason.None,
            DueIn = dueIn <= TimeSpan.Zero ? TimeSpan.Zero : dueIn < LongestWait ? dueIn : LongestWait,
            LeaseId = isLeased ? lease.Id : null,
            LeaseDuration = isLeased ? lease.Duration : TimeSpan.Zero,
            OrderingKey = orderingKey,
            PayloadFormat = format,
            Rendering = rendering,
        };
    }

    // Once for all endpoints with the format. What there is no time for is rendered before its first attempt.
    private MessageRendering? Render(WebhookMessage message, string format)
    {
        if (!_renderings.TryGetValue((message.Id, format), out var rendering) && _rendering < LongestRendering)
        {
            var startedAt = timeProvider.GetTimestamp();
            _renderings.Add((message.Id, format), rendering = renderer.Render(message, format, out _));
            _rendering += timeProvider.GetElapsedTime(startedAt);
        }

        return rendering;
    }

    private bool TryReserve(EndpointId id, FreeSlots free)
    {
        // Older deliveries of the endpoint wait for a slot: a newer one does not overtake them.
        if (foreign.Contains(id) || due.Contains(id) || free.GetBudget(id).Deliveries == 0)
        {
            LacksSlots = true;
            return false;
        }

        free.Promise(id, 1);
        return true;
    }

    private readonly record struct Wanted(WebhookMessage Message, WebhookEndpoint Endpoint, bool IsFiltered);
}

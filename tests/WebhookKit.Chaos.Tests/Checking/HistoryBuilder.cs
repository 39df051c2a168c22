using WebhookKit.Chaos.Checking;
using WebhookKit.Chaos.Faults;
using WebhookKit.Chaos.History;
using WebhookKit.Deliveries;
using WebhookKit.Retry;

namespace WebhookKit.Chaos.Tests.Checking;

/// <summary>Makes histories by hand: seconds since the run began, and by default everything as promised.</summary>
internal sealed class HistoryBuilder
{
    public const double Lease = 3;
    public const double Poll = 0.5;
    public const double Work = 2;

    private static readonly DateTimeOffset Begin = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly List<Publication> _publications = [];
    private readonly HashSet<Guid> _orders = [];
    private readonly List<StoredMessage> _messages = [];
    private readonly List<DeliveryBuilder> _deliveries = [];
    private readonly List<Request> _requests = [];
    private readonly List<Disruption> _disruptions = [];
    private readonly List<string> _deaths = [];
    private int _ids;

    public static ChaosEndpoint Plain { get; } = new("plain", "order.paid", false);

    public static ChaosEndpoint Ordered { get; } = new("ordered", "order.moved", true);

    public static UInt128 Hash => 42;

    /// <summary>From the end of the first attempt to the second.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    public static DateTimeOffset At(double seconds) => Begin.AddSeconds(seconds);

    public Guid NewId() => new(++_ids, 0, 0, new byte[8]);

    /// <summary>A publish whose publisher saw what really happened, unless said otherwise.</summary>
    public Guid Publish(
        PublicationEnd sees = PublicationEnd.Committed,
        bool? commits = null,
        string eventType = "order.paid",
        string? orderingKey = null,
        string? idempotencyKey = null,
        Guid? duplicateOf = null,
        bool hasMessage = true,
        bool isInOutbox = false,
        double begun = 0,
        double ended = 0.1)
    {
        var id = NewId();
        _publications.Add(new Publication
        {
            MessageId = id,
            EventType = eventType,
            OrderingKey = orderingKey,
            IdempotencyKey = idempotencyKey,
            BegunAt = At(begun),
            End = sees,
            EndedAt = sees == PublicationEnd.Unknown ? null : At(ended),
        });
        if (commits ?? sees == PublicationEnd.Committed)
        {
            _orders.Add(id);
            if (hasMessage)
            {
                AddMessage(id, idempotencyKey, duplicateOf, isInOutbox);
            }
        }

        return id;
    }

    public void AddMessage(Guid id, string? idempotencyKey = null, Guid? duplicateOf = null, bool isInOutbox = false) =>
        _messages.Add(new StoredMessage(id, Hash, idempotencyKey, duplicateOf, isInOutbox));

    public DeliveryBuilder Deliver(Guid messageId, ChaosEndpoint? endpoint = null)
    {
        var delivery = new DeliveryBuilder(this, messageId, endpoint ?? Plain);
        _deliveries.Add(delivery);
        return delivery;
    }

    public void AddRequest(Request request) => _requests.Add(request);

    public void Disrupt(Fault fault, string? node, double at, double? until = null, params LeasedRow[] leased) =>
        _disruptions.Add(new Disruption(fault, node, At(at), At(until ?? at), leased));

    public void Die(string node) => _deaths.Add(node);

    public RunHistory Build() => new()
    {
        Settings = new RunSettings
        {
            Endpoints = [Plain, Ordered],
            RetrySchedule = new RetrySchedule([FirstRetryDelay, TimeSpan.FromSeconds(2)], jitter: 0),
            LeaseDuration = TimeSpan.FromSeconds(Lease),
            PollInterval = TimeSpan.FromSeconds(Poll),
            WorkAllowance = TimeSpan.FromSeconds(Work),
        },
        Publications = _publications,
        Orders = _orders,
        Messages = _messages,
        Deliveries = _deliveries.ConvertAll(delivery => delivery.Delivery),
        Attempts = [.. _deliveries.SelectMany(delivery => delivery.Attempts)],
        Transitions = [.. _deliveries.SelectMany(delivery => delivery.Transitions)],
        Requests = _requests,
        Disruptions = _disruptions,
        Deaths = _deaths,
    };

    public Verdict Judge() => Chaos.Checking.Judge.Decide(Build());

    /// <summary>Asserts that this invariant was seen broken, and no other.</summary>
    public void AssertBroken(string invariant, string seen)
    {
        var verdict = Judge();
        Assert.Equal([invariant], verdict.Violations.Keys);
        Assert.Contains(verdict.Seen, violation => violation.What.Contains(seen, StringComparison.Ordinal));
        Assert.False(verdict.IsGood);
    }

    public void AssertGood()
    {
        var verdict = Judge();
        Assert.Empty(verdict.Seen);
        Assert.True(verdict.IsGood);
    }
}

using WebhookKit.LoadTest.Databases;

namespace WebhookKit.LoadTest.Senders;

/// <param name="Url">Where their receiver listens; each has a path of its own.</param>
/// <param name="Endpoints">How many endpoints are there.</param>
internal sealed record Target(string Url, int Endpoints);

/// <summary>What the sender and its floor are told.</summary>
/// <param name="Store">The store both work on.</param>
/// <param name="Shape">What the messages look like.</param>
/// <param name="Targets">The endpoints, numbered through all targets.</param>
/// <param name="MaxInFlight">The most attempts at once.</param>
/// <param name="IsDispatching">Whether it sends; otherwise it only publishes.</param>
/// <param name="IsNotifying">Whether nodes wake each other through PostgreSQL.</param>
/// <param name="IsTimingCommits">Whether contexts note when they commit.</param>
internal sealed record SenderSettings(
    StoreSettings Store,
    MessageShape Shape,
    IReadOnlyList<Target> Targets,
    int MaxInFlight,
    bool IsDispatching = true,
    bool IsNotifying = false,
    bool IsTimingCommits = false)
{
    public const int MaxInFlightPerEndpoint = 16;

    public const string Secret = "whsec_bG9hZCB0ZXN0IHNlY3JldCBvZiAzMiBieXRlcyEhISE=";

    /// <summary>The URL of every endpoint, in the order of their numbers.</summary>
    public IEnumerable<string> EndpointUrls() =>
        Targets.SelectMany(target => Enumerable.Repeat(target.Url, target.Endpoints)).Select((url, number) => $"{url}/hooks/{number}");
}

/// <param name="Messages">How many messages are meant.</param>
internal sealed record MessageCount(int Messages);

/// <param name="CommittedAt">The instant just before the messages could be seen; null when a database was filled by another process.</param>
internal sealed record Beginning(long? CommittedAt);

/// <summary>What a sender or a floor came to.</summary>
/// <param name="EndedAt">When the last outcome was durable, on the machine's monotonic clock.</param>
/// <param name="AllocatedBytes">Managed allocations since the preparation.</param>
/// <param name="CpuSeconds">Processor time since the preparation.</param>
/// <param name="PeakRssMiB">The greatest resident size of the process in its life.</param>
/// <param name="Contents">What the process's own memory holds, where that is the store.</param>
internal sealed record SendingResult(long EndedAt, long AllocatedBytes, double CpuSeconds, double PeakRssMiB, Contents? Contents = null);

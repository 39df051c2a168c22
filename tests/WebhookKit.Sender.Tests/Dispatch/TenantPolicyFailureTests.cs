using WebhookKit.Deliveries;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.SenderHarness;

namespace WebhookKit.Sender.Tests.Dispatch;

/// <summary>A host that cannot say the policy of a tenant for a while.</summary>
public sealed class TenantPolicyFailureTests : IAsyncLifetime
{
    private const int Messages = 20;

    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Policy_NeverSaid_EveryMessageIsDeliveredAtTheFirstAttempt(bool isLeasedLater)
    {
        await using var sender = await StartAsync(builder => Add(builder, _ => throw new InvalidTimeZoneException("who?")));
        await sender.WaitForFirstDeclarationAsync();

        await AssertDeliveredAsync(sender, await PublishAsync(sender, isLeasedLater));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Policy_SaidBefore_HoldsWhileItCannotBeSaid(bool isLeasedLater)
    {
        var isFailing = false;
        await using var sender = await StartAsync(builder => Add(builder, _ => Volatile.Read(ref isFailing)
            ? throw new InvalidTimeZoneException("who?")
            : new EndpointPolicy { RetrySchedule = Retries(1, 1, 1) }));
        await sender.WaitForFirstDeclarationAsync();
        await AssertDeliveredAsync(sender, await PublishAsync(sender, isLeasedLater: false), failures: 0);
        Volatile.Write(ref isFailing, true);
        _receiver.DefaultAnswer = ReceiverAnswer.Status(500);

        foreach (var id in await PublishAsync(sender, isLeasedLater))
        {
            var delivery = await sender.WaitForAsync(id, DeliveryStatus.DeadLettered);
            Assert.Equal((DeliveryStatusReason.Exhausted, 4), (delivery.Reason, delivery.Attempts));
        }

        AssertUnharmed(sender, failures: 1);
    }

    [Fact]
    public async Task Policy_CannotBeSaidAfterTheAttempt_ItsOutcomeIsKept()
    {
        await using var sender = await StartAsync(builder => Add(builder, _ => _receiver.Requests.Count > 0
            ? throw new InvalidTimeZoneException("who?")
            : null));
        await sender.WaitForFirstDeclarationAsync();

        var id = await sender.PublishAsync(options: new PublishOptions { TenantId = "acme" });
        await sender.WaitForAsync(id, DeliveryStatus.Succeeded);

        Assert.Single(_receiver.Requests);
        AssertUnharmed(sender, failures: 1);
    }

    private async Task AssertDeliveredAsync(SenderHarness sender, IReadOnlyList<MessageId> ids, int failures = 1)
    {
        foreach (var id in ids)
        {
            Assert.Equal(1, (await sender.WaitForAsync(id, DeliveryStatus.Succeeded)).Attempts);
        }

        Assert.Equal(Messages, _receiver.Requests.Count);
        AssertUnharmed(sender, failures);
    }

    private static void AssertUnharmed(SenderHarness sender, int failures)
    {
        Assert.Equal(failures, sender.Log.Count("PolicyFailed"));
        Assert.All(
            ["MessageRejected", "DeliveryUnreadable", "DispatchFaulted", "AttemptFaulted", "StoreOutageBegan"],
            name => Assert.Equal(0, sender.Log.Count(name)));
    }

    // What is due later is leased rather than made already leased.
    private static ValueTask<IReadOnlyList<MessageId>> PublishAsync(SenderHarness host, bool isLeasedLater) => host.Publisher.PublishManyAsync(
        Enumerable.Range(0, Messages).Select(order => new OrderPaid(order)),
        new PublishOptions { TenantId = "acme", DeliverAt = isLeasedLater ? TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1) : null });

    private void Add(SenderBuilder builder, Func<string?, EndpointPolicy?> find) => builder
        .UseTenantPolicy(find)
        .AddEndpoint("test", _receiver.Url.ToString(), endpoint =>
        {
            endpoint.TenantId = "acme";
            endpoint.EventTypes.Add("*");
            endpoint.Secrets.Add(Secret.Reveal());

            // Its tenant's need not be asked for at the start.
            endpoint.Rate = EndpointRate.PerSecond(100_000);
        });
}

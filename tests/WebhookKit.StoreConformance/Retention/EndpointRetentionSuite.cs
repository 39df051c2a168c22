using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Retention;
using WebhookKit.StoreConformance.Deliveries;

namespace WebhookKit.StoreConformance.Retention;

/// <summary>What every store promises about deleted endpoints: what is left of them has an end, and never comes back.</summary>
public abstract class EndpointRetentionSuite : DeliverySuite
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(90);
    private static readonly TimeSpan Soon = Age - Slack;
    private static readonly DeliveryRetention EveryDelivery = new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

    [Fact]
    public async Task DeleteEndpointsAsync_Deleted_IsKeptForItsTimeAndGoesOnce()
    {
        var (kept, deleted) = (await AddAsync(), await AddAsync());
        Assert.True(await Store.Registry.DeleteAsync(deleted, default));

        await Store.AdvanceAsync(Soon);
        Assert.Equal(0, await DeleteAllAsync());
        await Store.AdvanceAsync(2 * Slack);
        Assert.Equal(1, await DeleteAllAsync());

        Assert.Equal(0, await DeleteAllAsync());
        Assert.NotNull(await Store.Registry.FindAsync(kept, default));
    }

    [Fact]
    public async Task DeleteEndpointsAsync_Erased_IsShownForItsTimeAndCountsFromTheFirstErasure()
    {
        var (erased, other) = (await AddAsync("acme"), await AddAsync("globex"));
        Assert.Equal(1, await Store.Erasure.EraseEndpointsAsync("acme", default));

        await Store.AdvanceAsync(Soon);
        Assert.Equal(0, await Store.Erasure.EraseEndpointsAsync("acme", default));
        Assert.Equal(0, await DeleteAllAsync());
        Assert.NotNull(await Store.Registry.FindAsync(erased, default));

        await Store.AdvanceAsync(2 * Slack);
        Assert.Equal(1, await DeleteAllAsync());
        Assert.Null(await Store.Registry.FindAsync(erased, default));
        Assert.Empty(await Store.Endpoints.GetByTenantsAsync(["acme"], default));
        Assert.NotNull(await Store.Registry.FindAsync(other, default));
    }

    [Fact]
    public async Task DeleteEndpointsAsync_Declared_IsKeptWhateverBecameOfIt()
    {
        WebhookEndpoint[] declared = [NewEndpoint("gone"), NewEndpoint("erased", "acme")];
        await Store.Endpoints.DeclareAsync(declared, deployment: 1, default);
        await Store.Erasure.EraseEndpointsAsync("acme", default);
        await Store.Endpoints.DeclareAsync([], deployment: 2, default);
        await Store.AdvanceAsync(10 * Age);

        Assert.Equal(0, await DeleteAllAsync());

        Assert.Equal(
            [EndpointStatusReason.NotDeclared, EndpointStatusReason.Erased],
            await Task.WhenAll(declared.Select(async endpoint => (await ReadEndpointAsync(endpoint.Id)).StatusReason)));
    }

    [Fact]
    public async Task DeleteEndpointsAsync_PausedOrDisabled_IsKept()
    {
        var (paused, disabled) = (await AddAsync(), await AddAsync());
        await Store.Endpoints.SetStatusAsync(paused, EndpointStatus.Paused, EndpointStatusReason.ByUser, default);
        await Store.Endpoints.SetStatusAsync(disabled, EndpointStatus.Disabled, EndpointStatusReason.Gone, default);
        await Store.AdvanceAsync(10 * Age);

        Assert.Equal(0, await DeleteAllAsync());
        Assert.Equal(2, (await Store.Endpoints.GetAsync([paused, disabled], default)).Count);
    }

    [Theory]
    [InlineData(DeliveryStatus.Succeeded)]
    [InlineData(DeliveryStatus.DeadLettered)]
    [InlineData(DeliveryStatus.Skipped)]
    [InlineData(DeliveryStatus.Canceled)]
    public async Task DeleteEndpointsAsync_DeliveryIsLeft_IsKeptUntilThatIsDeleted(DeliveryStatus status)
    {
        var (deleted, erased) = (await AddAsync(), await AddAsync("acme"));
        foreach (var endpoint in new[] { deleted, erased })
        {
            var leased = await MakeLeasedAsync(endpoint);
            Assert.Empty(await CompleteAsync(Succeed(leased) with { Status = status }));
        }

        await Store.Registry.DeleteAsync(deleted, default);
        await Store.Erasure.EraseEndpointsAsync("acme", default);
        await Store.AdvanceAsync(Age + Slack);

        Assert.Equal(0, await DeleteAllAsync());
        Assert.Equal(2, (await Store.Retention.DeleteDeliveriesAsync(EveryDelivery, null, 10, default)).Deleted);
        Assert.Equal(2, await DeleteAllAsync());
    }

    [Fact]
    public async Task DeleteEndpointsAsync_DeliveryIsPending_IsKeptUntilThatIsCanceledAndDeleted()
    {
        var endpoint = await AddAsync();
        var leased = await MakeLeasedAsync(endpoint);
        await Store.Registry.DeleteAsync(endpoint, default);
        await Store.AdvanceAsync(Age + Slack);

        Assert.Equal(0, await DeleteAllAsync());
        Assert.Equal(1, await Store.Deliveries.SkipDisabledAsync(endpoint, 10, default));
        Assert.Equal(0, await DeleteAllAsync());
        AssertCanceled(await ReadAsync(leased));

        Assert.Equal(1, (await Store.Retention.DeleteDeliveriesAsync(EveryDelivery, null, 10, default)).Deleted);
        Assert.Equal(1, await DeleteAllAsync());
    }

    [Fact]
    public async Task DeleteEndpointsAsync_SkippedLongAfterTheErasure_IsKeptUntilThatIsDeleted()
    {
        var endpoint = await AddAsync("acme");
        await Store.Erasure.EraseEndpointsAsync("acme", default);
        await Store.AdvanceAsync(Age + Slack);
        var message = NewMessage("acme");
        await Store.Outbox.AppendAsync([message], default);
        await Store.Outbox.FanOutPendingAsync(
            1, Plan(_ => [NewDelivery(message.Id, endpoint) with { Status = DeliveryStatus.Skipped }]), default);

        Assert.Equal(0, await DeleteAllAsync());
        Assert.Equal(1, (await Store.Retention.DeleteDeliveriesAsync(EveryDelivery, null, 10, default)).Deleted);
        Assert.Equal(1, await DeleteAllAsync());
    }

    [Fact]
    public async Task DeleteEndpointsAsync_MoreThanABatch_WalksInBatchesPastWhatIsKept()
    {
        await DeleteManyAsync(12, withDelivery: i => i % 3 == 0);
        await Store.AdvanceAsync(Age + Slack);

        var batches = await RunAsync(batchSize: 3);

        Assert.Equal(8, batches.Sum());
        Assert.All(batches, deleted => Assert.InRange(deleted, 0, 3));
        Assert.Equal(0, (await RunAsync(batchSize: 3)).Sum());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task DeleteEndpointsAsync_StoppedAfterSomeBatches_EndsTheSameWhenBegunAgain(int batches)
    {
        await DeleteManyAsync(8, withDelivery: _ => false);
        await Store.AdvanceAsync(Age + Slack);

        Assert.Equal(3 * batches, (await RunAsync(batchSize: 3, batches)).Sum());
        Assert.Equal(8 - (3 * batches), (await RunAsync(batchSize: 3)).Sum());
    }

    [Fact]
    public async Task DeleteEndpointsAsync_Canceled_DeletesNothing()
    {
        await DeleteManyAsync(1, withDelivery: _ => false);
        await Store.AdvanceAsync(Age + Slack);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Store.Retention.DeleteEndpointsAsync(Age, null, 10, new CancellationToken(canceled: true)));

        Assert.Equal(1, await DeleteAllAsync());
    }

    /// <summary>As a fan-out does that had read the endpoint before it was deleted, and commits after nothing was left of it.</summary>
    [Fact]
    public async Task FanOut_EndpointOfWhichNothingIsLeft_IsNeverLeasedAndEndsCanceled()
    {
        var (gone, open) = (await AddGoneAsync(), (await DeclareAsync("open"))[0]);
        var messages = NewMessages(3);
        await Store.Outbox.AppendAsync(messages, default);
        var lease = Ids.NewLeaseId();
        await Store.Outbox.FanOutPendingAsync(
            3,
            Plan(message =>
            [
                NewDelivery(message.Id, open),
                message.Id == messages[0].Id ? NewDelivery(message.Id, gone)
                    : message.Id == messages[1].Id ? NewDelivery(message.Id, gone) with { LeaseId = lease, LeaseDuration = LeaseDuration }
                    : NewDelivery(message.Id, gone) with { OrderingKey = "a" },
            ]),
            default);

        Assert.DoesNotContain(gone, (await LeaseAllAsync(gone, open)).Select(leased => leased.EndpointId));
        Assert.Equal(
            EndpointStatus.Disabled,
            Assert.Single(await Store.Deliveries.SweepAsync(null, 10, default), due => due.EndpointId == gone).Status);
        Assert.Equal(2, await Store.Deliveries.SkipDisabledAsync(gone, 10, default));
        await Store.AdvanceAsync(LeaseDuration + Slack);
        Assert.Equal(1, await Store.Deliveries.SkipDisabledAsync(gone, 10, default));

        Assert.DoesNotContain(gone, (await Store.Deliveries.SweepAsync(null, 10, default)).Select(due => due.EndpointId));
        foreach (var message in messages)
        {
            AssertCanceled(Assert.Single(
                await Store.Deliveries.GetByMessageAsync(message.Id, default), delivery => delivery.EndpointId == gone));
        }
    }

    [Fact]
    public async Task Complete_EndpointOfWhichNothingIsLeft_EndsTheAttemptAndNothingElse()
    {
        var gone = await AddGoneAsync();
        var message = NewMessage();
        var leased = new LeasedDelivery(Ids.NewDeliveryId(), message.Id, gone, Ids.NewLeaseId(), Attempts: 0, Leases: 1);
        await Store.Outbox.AppendAsync([message], default);
        await Store.Outbox.FanOutPendingAsync(
            1,
            Plan(_ =>
            [
                NewDelivery(message.Id, gone) with { Id = leased.Id, LeaseId = leased.LeaseId, LeaseDuration = LeaseDuration },
            ]),
            default);

        Assert.Empty(await Store.Deliveries.CompleteAsync(
            [Fail(leased)], [new EndpointHealth { EndpointId = gone, Failures = 1 }], default));

        Assert.Empty(await LeaseAllAsync(gone));
        Assert.Equal(1, await Store.Deliveries.SkipDisabledAsync(gone, 10, default));
        AssertCanceled(await ReadAsync(leased));
        Assert.Single(await Store.Deliveries.GetAttemptsAsync(leased.Id, default));
    }

    [Theory]
    [InlineData(DeliveryStatus.DeadLettered)]
    [InlineData(DeliveryStatus.Skipped)]
    public async Task Redelivery_EndpointOfWhichNothingIsLeft_IsNotSentTo(DeliveryStatus status)
    {
        var gone = await AddGoneAsync();
        var message = NewMessage();
        await Store.Outbox.AppendAsync([message], default);
        await Store.Outbox.FanOutPendingAsync(1, Plan(_ => [NewDelivery(message.Id, gone) with { Status = status }]), default);
        await Store.AdvanceAsync(Slack);

        foreach (var selection in new[] { RedeliverySelection.OfMessage(message.Id), RedeliverySelection.FailedSince(gone, DateTimeOffset.UnixEpoch) })
        {
            var preview = await Store.Redelivery.PreviewAsync(selection, default);
            Assert.Equal(0, preview.Count);
            await Store.Redelivery.BeginAsync(Ids.NewRedeliveryId(), preview.Selection, 10, default);
            Assert.Equal(0, (await Store.Redelivery.ContinueAsync(10, default)).Count);
        }

        Assert.Equal(status, Assert.Single(await Store.Deliveries.GetByMessageAsync(message.Id, default)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Edits_EndpointDeletedOrErased_ChangeNothingBeforeAndAfterNothingIsLeft(bool isErased)
    {
        var endpoint = await AddAsync("acme");
        if (isErased)
        {
            await Store.Erasure.EraseEndpointsAsync("acme", default);
        }
        else
        {
            await Store.Registry.DeleteAsync(endpoint, default);
        }

        await AssertStaysAsync();
        await Store.AdvanceAsync(Age + Slack);
        Assert.Equal(1, await DeleteAllAsync());
        await AssertStaysAsync();
        Assert.Null(await Store.Registry.FindAsync(endpoint, default));
        Assert.Empty(await Store.Endpoints.GetAsync([endpoint], default));
        Assert.Empty(await Store.Endpoints.GetStatesAsync([endpoint], default));

        async Task AssertStaysAsync()
        {
            foreach (var status in new[] { EndpointStatus.Enabled, EndpointStatus.Paused, EndpointStatus.Disabled })
            {
                Assert.False(await Store.Endpoints.SetStatusAsync(endpoint, status, EndpointStatusReason.ByUser, default));
            }

            await Store.Endpoints.SetRatesAsync(new Dictionary<EndpointId, EndpointRate?> { [endpoint] = EndpointRate.PerSecond(1) }, default);
            Assert.False(await Store.Registry.UpdateAsync(
                new EndpointChange
                {
                    Id = endpoint,
                    Version = 1,
                    Settings = new EndpointSettings { Url = "https://back.example" },
                    Secrets = [],
                    SecretsVersion = 1,
                    At = DateTimeOffset.UnixEpoch,
                },
                default));
            var pending = await MakeDueAsync(endpoint, 1);
            Assert.Empty(await LeaseAllAsync(endpoint));
            Assert.Equal(1, await Store.Deliveries.SkipDisabledAsync(endpoint, 10, default));
            await Store.AdvanceAsync(Slack);
            await Store.Retention.DeleteDeliveriesAsync(EveryDelivery, null, 10, default);
            Assert.Empty(await Store.Deliveries.GetByMessageAsync(pending[0].MessageId, default));
        }
    }

    [Fact]
    public async Task DeleteEndpointsAsync_ErasedAndThenDeleted_GoesOnce()
    {
        var endpoint = await AddAsync("acme");
        await Store.Erasure.EraseEndpointsAsync("acme", default);
        await Store.AdvanceAsync(Soon);
        Assert.True(await Store.Registry.DeleteAsync(endpoint, default));

        await Store.AdvanceAsync(2 * Slack);
        Assert.Equal(0, await DeleteAllAsync());
        await Store.AdvanceAsync(Age);
        Assert.Equal(1, await DeleteAllAsync());
    }

    private static void AssertCanceled(Delivery delivery) => Assert.Equal(
        (DeliveryStatus.Canceled, DeliveryStatusReason.EndpointDeleted), (delivery.Status, delivery.Reason));

    private async Task<EndpointId> AddAsync(string? tenantId = null)
    {
        var endpoint = new RegisteredEndpoint
        {
            Id = Ids.NewEndpointId(),
            TenantId = tenantId,
            Settings = new EndpointSettings { Url = "https://one.example/hooks", EventTypes = ["order.*"] },
            Version = 1,
            SecretsVersion = 1,
        };
        Assert.True(await Store.Registry.AddAsync(endpoint, [], maxOfTenant: 1_000, default));
        return endpoint.Id;
    }

    /// <summary>Adds an endpoint that has been deleted so long ago that nothing is left of it.</summary>
    private async Task<EndpointId> AddGoneAsync()
    {
        var endpoint = await AddAsync();
        Assert.True(await Store.Registry.DeleteAsync(endpoint, default));
        await Store.AdvanceAsync(Age + Slack);
        Assert.Equal(1, await DeleteAllAsync());
        return endpoint;
    }

    private async Task DeleteManyAsync(int endpoints, Predicate<int> withDelivery)
    {
        for (var i = 0; i < endpoints; i++)
        {
            var endpoint = await AddAsync();
            if (withDelivery(i))
            {
                Assert.Empty(await CompleteAsync(Succeed(await MakeLeasedAsync(endpoint))));
            }

            Assert.True(await Store.Registry.DeleteAsync(endpoint, default));
        }
    }

    private async Task<int> DeleteAllAsync() => (await RunAsync(batchSize: 100)).Sum();

    private async Task<List<int>> RunAsync(int batchSize, int maxBatches = int.MaxValue)
    {
        var deleted = new List<int>();
        EndpointId? after = null;
        do
        {
            var batch = await Store.Retention.DeleteEndpointsAsync(Age, after, batchSize, default);
            deleted.Add(batch.Deleted);
            after = batch.Next;
        }
        while (after is not null && deleted.Count < maxBatches);
        return deleted;
    }
}

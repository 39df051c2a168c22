using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Outbox;
using WebhookKit.Rendering;
using StoredHealth = WebhookKit.Endpoints.EndpointHealth;

namespace WebhookKit.Sender.Tests;

/// <summary>Stands before the real stores: counts calls, and lets a test fail, delay or change them.</summary>
internal sealed class StoreProbe
{
    private readonly ConcurrentDictionary<string, int> _calls = new();

    /// <summary>Called with the method's name and its first argument before the store is.</summary>
    public Func<string, object?, Task>? Before { get; set; }

    /// <summary>Changes what was leased.</summary>
    public Func<LeasedDelivery, LeasedDelivery> OnLeased { get; set; } = delivery => delivery;

    /// <summary>Changes, or refuses, what fan-out is about to make.</summary>
    public Func<IReadOnlyList<NewDelivery>, IReadOnlyList<NewDelivery>> OnPlanned { get; set; } = deliveries => deliveries;

    public int Calls(string method) => _calls.GetValueOrDefault(method);

    public void Attach(IServiceCollection services)
    {
        Decorate<IOutboxStore>(services, inner => new Outbox(this, inner));
        Decorate<IDeliveryStore>(services, inner => new Deliveries(this, inner));
        Decorate<IEndpointStore>(services, inner => new EndpointStore(this, inner));
    }

    private static void Decorate<T>(IServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        var original = services.Last(descriptor => descriptor.ServiceType == typeof(T));
        services.Remove(original);
        services.AddSingleton(provider => wrap((T)(original.ImplementationInstance
            ?? original.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, original.ImplementationType!))));
    }

    private Task EnterAsync(string method, object? argument)
    {
        _calls.AddOrUpdate(method, 1, (_, calls) => calls + 1);
        return Before?.Invoke(method, argument) ?? Task.CompletedTask;
    }

    private sealed class Outbox(StoreProbe probe, IOutboxStore inner) : IOutboxStore
    {
        public async ValueTask<IReadOnlyList<MessageId>> AppendAsync(IReadOnlyList<WebhookMessage> messages, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(AppendAsync), messages);
            return await inner.AppendAsync(messages, cancellationToken);
        }

        public async ValueTask<FanOutResult> FanOutPendingAsync(int maxMessages, FanOutPlanner planner, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(FanOutPendingAsync), maxMessages);
            return await inner.FanOutPendingAsync(maxMessages, Plan(planner), cancellationToken);
        }

        public async ValueTask<FanOutResult> FanOutCommittedAsync(
            IReadOnlyList<WebhookMessage> messages, FanOutPlanner planner, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(FanOutCommittedAsync), messages);
            return await inner.FanOutCommittedAsync(messages, Plan(planner), cancellationToken);
        }

        private FanOutPlanner Plan(FanOutPlanner planner) => (messages, endpoints) => probe.OnPlanned(planner(messages, endpoints));

        public async ValueTask<IReadOnlyList<WebhookMessage>> GetMessagesAsync(
            IReadOnlyCollection<MessageId> ids, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(GetMessagesAsync), ids);
            return await inner.GetMessagesAsync(ids, cancellationToken);
        }

        public async ValueTask<IReadOnlyList<MessageRendering>> GetRenderingsAsync(
            IReadOnlyCollection<MessageId> messageIds, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(GetRenderingsAsync), messageIds);
            return await inner.GetRenderingsAsync(messageIds, cancellationToken);
        }

        public async ValueTask AddRenderingsAsync(IReadOnlyList<MessageRendering> renderings, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(AddRenderingsAsync), renderings);
            await inner.AddRenderingsAsync(renderings, cancellationToken);
        }

        public ValueTask<MessageId?> GetDuplicateOfAsync(MessageId id, CancellationToken cancellationToken) =>
            inner.GetDuplicateOfAsync(id, cancellationToken);
    }

    private sealed class Deliveries(StoreProbe probe, IDeliveryStore inner) : IDeliveryStore
    {
        public async ValueTask<IReadOnlyList<DueEndpoint>> SweepAsync(EndpointId? after, int maxEndpoints, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(SweepAsync), after);
            return await inner.SweepAsync(after, maxEndpoints, cancellationToken);
        }

        public async ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(
            IReadOnlyList<LeaseBudget> budgets, LeaseId leaseId, TimeSpan leaseDuration, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(LeaseAsync), budgets);
            var leased = await inner.LeaseAsync(budgets, leaseId, leaseDuration, cancellationToken);
            return leased.Select(probe.OnLeased).ToArray();
        }

        public async ValueTask ReleaseAsync(IReadOnlyList<LeasedDelivery> deliveries, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(ReleaseAsync), deliveries);
            await inner.ReleaseAsync(deliveries, cancellationToken);
        }

        public async ValueTask<IReadOnlyList<DeliveryId>> CompleteAsync(
            IReadOnlyList<DeliveryCompletion> completions,
            IReadOnlyList<StoredHealth> health,
            OperationalPlanner? planner,
            CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(CompleteAsync), completions);
            return await inner.CompleteAsync(completions, health, planner, cancellationToken);
        }

        public async ValueTask<int> SkipDisabledAsync(EndpointId endpointId, int maxDeliveries, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(SkipDisabledAsync), endpointId);
            return await inner.SkipDisabledAsync(endpointId, maxDeliveries, cancellationToken);
        }

        public ValueTask<IReadOnlyList<Delivery>> GetByMessageAsync(MessageId messageId, CancellationToken cancellationToken) =>
            inner.GetByMessageAsync(messageId, cancellationToken);

        public ValueTask<IReadOnlyList<Attempt>> GetAttemptsAsync(DeliveryId deliveryId, CancellationToken cancellationToken) =>
            inner.GetAttemptsAsync(deliveryId, cancellationToken);
    }

    private sealed class EndpointStore(StoreProbe probe, IEndpointStore inner) : IEndpointStore
    {
        public async ValueTask DeclareAsync(IReadOnlyList<WebhookEndpoint> endpoints, long deployment, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(DeclareAsync), endpoints);
            await inner.DeclareAsync(endpoints, deployment, cancellationToken);
        }

        public async ValueTask<IReadOnlyList<WebhookEndpoint>> GetByTenantsAsync(
            IReadOnlyCollection<string?> tenantIds, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(GetByTenantsAsync), tenantIds);
            return await inner.GetByTenantsAsync(tenantIds, cancellationToken);
        }

        public async ValueTask<IReadOnlyList<WebhookEndpoint>> GetAsync(
            IReadOnlyCollection<EndpointId> ids, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(GetAsync), ids);
            return await inner.GetAsync(ids, cancellationToken);
        }

        public ValueTask<IReadOnlyList<EndpointState>> GetStatesAsync(
            IReadOnlyCollection<EndpointId> ids, CancellationToken cancellationToken) => inner.GetStatesAsync(ids, cancellationToken);

        public ValueTask<bool> SetStatusAsync(
            EndpointId id, EndpointStatus status, EndpointStatusReason reason, CancellationToken cancellationToken) =>
            inner.SetStatusAsync(id, status, reason, cancellationToken);

        public async ValueTask SetRatesAsync(IReadOnlyDictionary<EndpointId, EndpointRate?> rates, CancellationToken cancellationToken)
        {
            await probe.EnterAsync(nameof(SetRatesAsync), rates);
            await inner.SetRatesAsync(rates, cancellationToken);
        }
    }
}

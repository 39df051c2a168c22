using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Chaos.Publishing;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;

namespace WebhookKit.Chaos.Nodes;

/// <summary>Breaks fencing: every completion presents the lease that the row has now, whoever took it.</summary>
internal sealed class UnfencedDeliveryStore(IDeliveryStore inner, IServiceScopeFactory scopes) : DelegatingDeliveryStore(inner)
{
    public override async ValueTask<IReadOnlyList<DeliveryId>> CompleteAsync(
        IReadOnlyList<DeliveryCompletion> completions,
        IReadOnlyList<EndpointHealth> health,
        OperationalPlanner? planner,
        CancellationToken cancellationToken)
    {
        var leases = await ReadLeasesAsync([.. completions.Select(completion => completion.Delivery.Id.Value)], cancellationToken);
        var forged = completions.Select(completion =>
            leases.TryGetValue(completion.Delivery.Id.Value, out var lease)
                ? completion with { Delivery = completion.Delivery with { LeaseId = new LeaseId(lease) } }
                : completion);
        return await base.CompleteAsync(forged.ToArray(), health, planner, cancellationToken);
    }

    private async Task<Dictionary<Guid, Guid>> ReadLeasesAsync(Guid[] deliveries, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ChaosDb>();
        return await db.Database
            .SqlQuery<Row>($"select id as \"Id\", lease_id as \"LeaseId\" from webhook_deliveries where id = any({deliveries}) and lease_id is not null")
            .ToDictionaryAsync(row => row.Id, row => row.LeaseId, cancellationToken);
    }

    private sealed record Row(Guid Id, Guid LeaseId);
}

using WebhookKit.Deliveries;
using WebhookKit.Endpoints;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>What the leases of one endpoint came to, and what that says about its health.</summary>
internal sealed record EndpointOutcomes(IReadOnlyList<DeliveryCompletion> Completions, IReadOnlyList<EndpointHealth> Health);

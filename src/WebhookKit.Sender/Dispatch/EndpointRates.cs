using WebhookKit.Endpoints;

namespace WebhookKit.Dispatch;

/// <summary>Keeps the rates in the store, by which all nodes lease, as endpoints and their tenants have them.</summary>
/// <remarks>The registry and declarations store rates themselves; a tenant's changes without either being asked.</remarks>
internal sealed class EndpointRates(IEndpointStore endpoints, EndpointPolicies policies)
{
    private readonly Dictionary<EndpointId, EndpointRate?> _changed = [];

    public bool HasChanges => _changed.Count > 0;

    /// <summary>Says whether the endpoint has a rate, and remembers one that is not the stored one.</summary>
    public bool Check(WebhookEndpoint endpoint)
    {
        var rate = policies.RateOf(endpoint);
        if (rate != endpoint.Rate)
        {
            _changed[endpoint.Id] = rate;
        }

        return rate is not null;
    }

    public async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
        await endpoints.SetRatesAsync(_changed, cancellationToken).ConfigureAwait(false);
        _changed.Clear();
    }
}

using WebhookKit.Endpoints.Registry;

namespace WebhookKit.Endpoints.Authorization;

/// <summary>The access tokens of all endpoints; remembers those last used. Thread-safe.</summary>
internal sealed class AccessTokens(TokenClient tokens, TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private readonly RecentlyUsed<EndpointId, AccessTokenSource> _sources = new(maxRecent: 10_000);

    /// <summary>Gives the source of an endpoint, which keeps its token until the authorization itself changes.</summary>
    public AccessTokenSource Of(EndpointId id, ClientCredentialsAuthorization client)
    {
        lock (_gate)
        {
            if (!_sources.TryGet(id, out var source) || source.Client != client)
            {
                source = new AccessTokenSource(client, tokens.RequestAsync, timeProvider);
                _sources.Set(id, source);
            }

            return source;
        }
    }
}

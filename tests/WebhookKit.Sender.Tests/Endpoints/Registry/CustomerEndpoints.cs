namespace WebhookKit.Sender.Tests.Endpoints.Registry;

/// <summary>What a host does with the registry, as the page on sending shows it.</summary>
internal sealed class CustomerEndpoints(IWebhookEndpoints endpoints)
{
    public static void Add(WebhooksBuilder webhooks)
    {
        #region add
        webhooks.AddSender(sender => sender
            .AddEndpointRegistry(registry => registry.MaxEndpointsPerTenant = 20)
            .UseTenantPolicy(tenant => tenant == "acme" ? new EndpointPolicy { MaxInFlight = 4 } : null));
        #endregion
    }

    public async Task<EndpointResult> CreateAsync()
    {
        #region create
        var created = await endpoints.CreateAsync(new NewEndpoint
        {
            TenantId = "acme",
            Settings = new EndpointSettings
            {
                Url = "https://acme.example/hooks",
                EventTypes = ["invoice.*"],
                Filter = """{"data":{"total":{"$gte":100}}}""",
            },
            Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer its-own-token" },
        });

        // Shown to the customer now; it is not to be had again.
        var secret = created.ReceiverSecret;
        #endregion
        Assert.NotNull(secret);
        return created;
    }

    public async Task<EndpointResult> UpdateAsync(EndpointId id)
    {
        #region update
        var endpoint = await endpoints.FindAsync(id) ?? throw new InvalidOperationException("It was deleted.");
        var updated = await endpoints.UpdateAsync(
            id,
            endpoint.Version,
            endpoint.Settings with { Url = "https://other.example/hooks" },
            HostChange.NewSecret);
        #endregion
        return updated;
    }

    public async Task<EndpointResult> AuthorizeAsync(EndpointId id, string clientSecret)
    {
        var endpoint = await endpoints.FindAsync(id) ?? throw new InvalidOperationException("It was deleted.");
        #region authorize
        var authorized = await endpoints.SetAuthorizationAsync(
            id,
            endpoint.Version,
            EndpointAuthorization.ClientCredentials("https://login.acme.example/token", "webhooks", clientSecret) with { Scope = "hooks" });
        #endregion
        return authorized;
    }

    public async Task<EndpointResult> RotateAsync(EndpointId id)
    {
        #region rotate
        var rotated = await endpoints.RotateSecretAsync(id, new SecretRotation { Overlap = TimeSpan.FromHours(48) });
        #endregion
        return rotated;
    }
}

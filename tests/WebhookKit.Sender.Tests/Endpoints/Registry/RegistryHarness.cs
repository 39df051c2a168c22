using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookKit.Endpoints;
using WebhookKit.Endpoints.Registry;
using WebhookKit.Secrets;
using WebhookKit.Signing;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Sender.Tests.Endpoints.Registry;

/// <summary>The registry as a host gets it, over a store in memory, with a clock and keys that a test holds.</summary>
internal sealed class RegistryHarness : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public RegistryHarness(
        Action<SenderBuilder>? build = null, Action<EndpointRegistryOptions>? configure = null, bool protects = true)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        services.AddSingleton<TimeProvider>(Clock);
        if (protects)
        {
            services.AddSingleton<ISecretProtector>(Ring);
        }

        services.AddWebhooks().AddSender(sender =>
        {
            sender.AddEndpointRegistry(configure);
            build?.Invoke(sender);
        }).UseInMemoryStore();
        var store = services.Last(descriptor => descriptor.ServiceType == typeof(IEndpointRegistryStore));
        services.AddSingleton(provider =>
        {
            var (wrapped, counts) = CountingStore.Wrap(
                (IEndpointRegistryStore)ActivatorUtilities.CreateInstance(provider, store.ImplementationType!));
            Counts = counts;
            return wrapped;
        });
        _services = services.BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; } = new();

    public FakeKeyRing Ring { get; } = new();

    public RecordingLogger Log { get; } = new();

    public CountingStore Counts { get; private set; } = null!;

    public IServiceProvider Services => _services;

    public IWebhookEndpoints Registry => _services.GetRequiredService<IWebhookEndpoints>();

    public IEndpointRegistryStore Store => _services.GetRequiredService<IEndpointRegistryStore>();

    public IEndpointStore Endpoints => _services.GetRequiredService<IEndpointStore>();

    public SecretUpkeep Upkeep => _services.GetRequiredService<SecretUpkeep>();

    public StoredCredentials Credentials => _services.GetRequiredService<StoredCredentials>();

    public static NewEndpoint New(string url = "https://one.example/hooks", EndpointPolicy? policy = null, string? secret = null) => new()
    {
        TenantId = "acme",
        Settings = new EndpointSettings { Url = url, EventTypes = ["order.*"], Policy = policy ?? EndpointPolicy.Default },
        Secret = secret,
    };

    public async Task<(RegisteredEndpoint Endpoint, string Secret)> CreateAsync(NewEndpoint? endpoint = null)
    {
        var result = await Registry.CreateAsync(endpoint ?? New());
        Assert.True(result.IsDone, string.Join(' ', result.Errors));
        return (result.Endpoint!, result.ReceiverSecret!);
    }

    /// <summary>Reads the endpoint as dispatch does, and what it would be sent with.</summary>
    public async Task<EndpointCredentials> GetCredentialsAsync(EndpointId id)
    {
        var endpoint = Assert.Single(await Endpoints.GetAsync([id], default));
        return await Credentials.GetAsync(endpoint, default);
    }

    /// <summary>Which of the receiver's secrets verify what the endpoint is sent now.</summary>
    public async Task<string[]> FindVerifyingAsync(EndpointId id, params string[] secrets)
    {
        var signer = (await GetCredentialsAsync(id)).Signer;
        Assert.NotNull(signer);
        var payload = "{}"u8.ToArray();
        var headers = await signer.SignAsync(new SigningRequest("msg_1", Clock.GetUtcNow(), payload), default);
        var request = new WebhookRequest(
            "POST", "/", WebhookHeaders.Wrap(headers.ToDictionary(h => h.Key, h => new Microsoft.Extensions.Primitives.StringValues(h.Value), StringComparer.OrdinalIgnoreCase)), payload);
        var verifying = new List<string>();
        foreach (var secret in secrets)
        {
            using var verifier = secret.StartsWith("whpk_", StringComparison.Ordinal)
                ? new StandardWebhooksVerifier([], [WebhookVerificationKey.Parse(secret)], TimeSpan.FromMinutes(5), Clock)
                : new StandardWebhooksVerifier([WebhookSecret.Parse(secret)], TimeSpan.FromMinutes(5), Clock);
            if ((await verifier.VerifyAsync(request)).IsVerified)
            {
                verifying.Add(secret);
            }
        }

        return [.. verifying];
    }

    /// <summary>Every text that is stored of an endpoint's secrets and headers.</summary>
    public async Task<string[]> ReadStoredAsync(EndpointId id) =>
        [.. Assert.Single(await Store.GetSecretsAsync([id], default)).Secrets.Select(secret => secret.Value)];

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

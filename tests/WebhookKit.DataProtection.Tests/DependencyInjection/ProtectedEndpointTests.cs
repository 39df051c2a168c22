using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebhookKit.DependencyInjection;
using WebhookKit.Secrets;
using WebhookKit.Sender.Tests;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.DataProtection.Tests.DependencyInjection;

public sealed class ProtectedEndpointTests : IAsyncLifetime
{
    private readonly KeyRing _ring = new();
    private readonly RecordingLogger _log = new();
    private readonly WebhookSecret _secret = WebhookSecret.Generate();
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        _ring.Dispose();
    }

    [Fact]
    public async Task Send_ProtectedSecretOfADeclaredEndpoint_Signs()
    {
        await SendAsync(Protect("acme", "shop"));

        Assert.True(await VerifiesAsync(_receiver.Requests[0]));
        Assert.Equal(0, _log.Count("SecretUnderOldKey"));
        Assert.DoesNotContain(_log.Events, logged => logged.Text.Contains(_secret.Reveal()[6..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_SecretUnderAnOldKey_SignsAndAsksToProtectItAgain()
    {
        var kept = Protect("acme", "shop");
        _ring.AddKey();

        await SendAsync(kept);

        Assert.True(await VerifiesAsync(_receiver.Requests[0]));
        var warning = Assert.Single(_log.Events, logged => logged.Name == "SecretUnderOldKey");
        Assert.Contains("Webhooks:Sender:Endpoints:shop:Secrets:0", warning.Text, StringComparison.Ordinal);
        Assert.Contains(kept.KeyId, warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_KeyRingLost_NamesTheEndpointAndTheKeyAndSendsNothing()
    {
        var kept = Protect("acme", "shop");
        _ring.Lose();

        var error = Assert.Single(await StartErrorsAsync(kept.ToString()));

        Assert.Contains("'shop' cannot use the secret Webhooks:Sender:Endpoints:shop:Secrets:0", error, StringComparison.Ordinal);
        Assert.Contains($"The key {kept.KeyId} that protects it is missing", error, StringComparison.Ordinal);
        Assert.Empty(_receiver.Requests);
    }

    [Fact]
    public async Task Start_KeyRevoked_AsksForANewSecret()
    {
        var kept = Protect("acme", "shop");
        _ring.AddKey();
        _ring.Revoke(kept.KeyId);

        Assert.Contains("was revoked", Assert.Single(await StartErrorsAsync(kept.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SecretOfAnotherEndpointOrTenantOrGarbled_IsRefused()
    {
        var (otherName, otherTenant) = (Protect("acme", "other").ToString(), Protect(null, "shop").ToString());

        Assert.Contains("for another tenant or endpoint", Assert.Single(await StartErrorsAsync(otherName)), StringComparison.Ordinal);
        Assert.Contains("for another tenant or endpoint", Assert.Single(await StartErrorsAsync(otherTenant)), StringComparison.Ordinal);
        Assert.Contains("not a whole protected secret", Assert.Single(await StartErrorsAsync("whenc_x")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NothingThatCanReadIt_NamesThePackage()
    {
        var kept = Protect("acme", "shop").ToString();

        var error = Assert.Single(await StartErrorsAsync(kept, protect: _ => { }));

        Assert.Contains("WebhookKit.DataProtection", error, StringComparison.Ordinal);
        Assert.DoesNotContain(kept, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoPlaceForTheKeys_IsAnError()
    {
        var errors = await StartErrorsAsync(_secret.Reveal(), protect: services => services.AddWebhooks().UseDataProtection().UseDataProtection());

        Assert.Contains("PersistKeysTo", Assert.Single(errors), StringComparison.Ordinal);
    }

    private ProtectedSecret Protect(string? tenant, string name) =>
        _ring.With(protector =>
        {
            var secret = _secret.Reveal();

            #region protect
            return protector.Protect(secret, SecretOwner.DeclaredEndpoint(tenant, name));
            #endregion
        });

    private async Task SendAsync(ProtectedSecret secret)
    {
        using var host = Build(secret.ToString(), Protected);
        await host.StartAsync();
        await host.Services.GetRequiredService<IWebhookPublisher>().PublishAsync(new Paid(1), new PublishOptions { TenantId = "acme" });
        await _receiver.WaitForRequestsAsync(1);
        await host.StopAsync();
    }

    private async Task<IReadOnlyList<string>> StartErrorsAsync(string secret, Action<IServiceCollection>? protect = null)
    {
        using var host = Build(secret, protect ?? Protected);
        return (await Assert.ThrowsAsync<WebhookConfigurationException>(() => host.StartAsync())).Errors;
    }

    private void Protected(IServiceCollection services)
    {
        var folder = _ring.Folder;

        #region use
        services.AddDataProtection().SetApplicationName("shop").PersistKeysToFileSystem(folder);
        services.AddWebhooks().UseDataProtection();
        #endregion
    }

    private IHost Build(string secret, Action<IServiceCollection> protect)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(_log);
        builder.Configuration.AddInMemoryCollection([new("Webhooks:Sender:Endpoints:shop:Secrets:0", secret)]);
        builder.Services.AddWebhooks().AddSender(sender => sender
            .AddEventType<Paid>("order.paid")
            .Configure(options => (options.AllowInsecureEndpoints, options.AllowLoopback) = (true, true))
            .AddEndpoint("shop", _receiver.Url.ToString(), endpoint =>
            {
                endpoint.TenantId = "acme";
                endpoint.EventTypes.Add("*");
            })).UseInMemoryStore();
        protect(builder.Services);
        return builder.Build();
    }

    private async Task<bool> VerifiesAsync(ReceivedRequest request)
    {
        using var verifier = new StandardWebhooksVerifier([_secret], TimeSpan.FromMinutes(5), TimeProvider.System);
        return (await verifier.VerifyAsync(request.ToWebhookRequest())).IsVerified;
    }

    private sealed record Paid(int Order);
}

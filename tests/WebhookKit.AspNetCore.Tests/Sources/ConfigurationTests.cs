using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Sources;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.AspNetCore.Tests.Sources;

public sealed class ConfigurationTests
{
    private const string Sources = "Webhooks:Receiver:Sources";

    private readonly WebhookSecret _old = WebhookSecret.Generate();
    private readonly WebhookSecret _new = WebhookSecret.Generate();
    private readonly ReloadableConfiguration _configuration = new();

    [Fact]
    public async Task Source_WhollyFromConfiguration_Verifies()
    {
        _configuration.With($"{Sources}:partner:Provider", "Standard-Webhooks").With($"{Sources}:partner:Secrets:0", _old.Reveal());
        await using var host = await StartAsync(_ => { });

        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _old));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(host, _new));
        host.Log.Single("SourceWithoutHandlers");
    }

    [Fact]
    public async Task Secrets_SeveralDuringRotation_EachVerifies()
    {
        _configuration.With("Partner:Secrets:0", _new.Reveal()).With("Partner:Secrets:1", _old.Reveal());
        await using var host = await StartAsync(Partner(source => source.BindSecrets("Partner:Secrets")));

        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _old));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _new));
    }

    [Fact]
    public async Task Secrets_OneText_IsAListOfOne()
    {
        _configuration.With("Partner:Secret", _old.Reveal());
        await using var host = await StartAsync(Partner(source => source.BindSecrets("Partner:Secret")));

        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _old));
    }

    [Fact]
    public async Task Secrets_InConfiguration_ReplaceThoseOfCode()
    {
        _configuration.With($"{Sources}:partner:Secrets:0", _new.Reveal());
        await using var host = await StartAsync(Partner(source => source.AddSecret(_old.Reveal())));

        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(host, _old));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _new));
    }

    [Fact]
    public async Task Reload_Sound_ReplacesSecretsAndAddsSources()
    {
        _configuration.With("Partner:Secrets:0", _old.Reveal());
        await using var host = await StartAsync(Partner(source => source.BindSecrets("Partner:Secrets")));

        _configuration.With("Partner:Secrets:0", _new.Reveal())
            .With($"{Sources}:second:Provider", "standard-webhooks")
            .With($"{Sources}:second:Secrets:0", _new.Reveal())
            .Reload();

        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(host, _old));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _new));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _new, "/webhooks/second"));
        host.Log.Single("SourcesReloaded");
    }

    [Fact]
    public async Task Reload_Unsound_KeepsTheLastGoodOneAndSaysWhyWithoutTheSecret()
    {
        _configuration.With("Partner:Secrets:0", _old.Reveal());
        await using var host = await StartAsync(Partner(source => source.BindSecrets("Partner:Secrets")));

        _configuration.With("Partner:Secrets:0", "whsec_dG9vIHNob3J0").Reload();

        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _old));
        var rejected = host.Log.Single("ReloadRejected").Text;
        Assert.Contains("'Partner:Secrets:0'", rejected, StringComparison.Ordinal);
        Assert.DoesNotContain("dG9vIHNob3J0", rejected, StringComparison.Ordinal);

        _configuration.With("Partner:Secrets:0", _new.Reveal()).Reload();
        Assert.Equal(HttpStatusCode.OK, await SendAsync(host, _new));
    }

    [Fact]
    public async Task Reload_WhileARequestVerifies_DisposesTheOldVerifierOnlyAfterIt()
    {
        var verifiers = new List<SlowVerifier>();
        var provider = new WebhookProvider
        {
            Name = "slow",
            ValidateSecret = _ => null,
            CreateVerifier = _ =>
            {
                verifiers.Add(new SlowVerifier());
                return verifiers[^1];
            },
        };
        await using var host = await StartAsync(receiver => receiver.AddSource("partner", provider, source => source.AddSecret("x")));

        var sending = SendAsync(host, _old);
        await verifiers[0].Started.Task.WaitAsync(TimeSpan.FromMinutes(2));
        _configuration.Reload();
        Assert.Equal(2, verifiers.Count);
        Assert.False(verifiers[0].IsDisposed);

        verifiers[0].MayFinish.SetResult();
        await sending;
        await Poll.UntilAsync(() => verifiers[0].IsDisposed);
        Assert.False(verifiers[1].IsDisposed);

        host.Services.GetRequiredService<SourceRegistry>().Dispose();
        Assert.True(verifiers[1].IsDisposed);
    }

    private static Action<ReceiverBuilder> Partner(Action<SourceBuilder> configure) => receiver =>
        receiver.AddSource("partner", WebhookProviders.StandardWebhooks, source =>
        {
            configure(source);
            source.On<OrderPaid>(OrderPaid.EventType, (_, _) => Task.CompletedTask);
        });

    private Task<ReceiverHost> StartAsync(Action<ReceiverBuilder> configure) =>
        ReceiverHost.StartAsync((receiver, _) => configure(receiver), setup => setup.Configuration = _configuration);

    private static async Task<HttpStatusCode> SendAsync(ReceiverHost host, WebhookSecret secret, string url = "/webhooks/partner")
    {
        using var factory = new SignedRequestFactory([secret], host.Clock);
        using var request = await factory.CreateAsync(url, OrderPaid.Payload);
        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }

    private sealed class SlowVerifier : IWebhookVerifier, IDisposable
    {
        public TaskCompletionSource Started { get; } = new();

        public TaskCompletionSource MayFinish { get; } = new();

        public bool IsDisposed { get; private set; }

        public async ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default)
        {
            Started.SetResult();
            await MayFinish.Task;
            return VerificationResult.Verified("id", null, 0);
        }

        public void Dispose() => IsDisposed = true;
    }
}

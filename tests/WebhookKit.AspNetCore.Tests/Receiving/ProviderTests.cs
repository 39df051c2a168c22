using System.Net;
using System.Text;
using WebhookKit.AspNetCore.Tests.Hosting;
using WebhookKit.Verification;

namespace WebhookKit.AspNetCore.Tests.Receiving;

/// <summary>What a provider's entry says about answers, settings and the signed URL.</summary>
public sealed class ProviderTests
{
    [Fact]
    public async Task Receive_ProviderWithItsOwnAnswers_GetsThem()
    {
        var result = VerificationResult.Verified("1", null, 0);
        await using var host = await StartAsync(_ => result, acceptedStatus: 202, acceptedText: "[accepted]", refusedStatus: 498);

        using var accepted = await host.SendAsync(OrderPaid.Payload);
        result = VerificationResult.Refused(VerificationStatus.SignatureMismatch);
        using var refused = await host.SendAsync(OrderPaid.Payload);

        Assert.Equal((HttpStatusCode.Accepted, (HttpStatusCode)498), (accepted.StatusCode, refused.StatusCode));
        Assert.Equal("[accepted]", await accepted.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", accepted.Content.Headers.ContentType?.ToString());
        Assert.Empty(await refused.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(null, null, "http://host.example:81/hooks/partner?a=%2f&b=c+d")]
    [InlineData("https://public.example", null, "https://public.example/hooks/partner?a=%2f&b=c+d")]
    [InlineData("https://public.example/in", null, "https://public.example/in?a=%2f&b=c+d")]
    [InlineData("https://public.example/in", "https://configured.example/", "https://configured.example/hooks/partner?a=%2f&b=c+d")]
    public async Task Receive_ProviderThatSignsTheUrl_SeesWhatTheSenderCalled(string? publicUrl, string? configured, string expected)
    {
        string? seen = null;
        await using var host = await StartAsync(
            request =>
            {
                seen = request.Url;
                return VerificationResult.Verified("1", null, 0);
            },
            configure: source => source.PublicUrl = publicUrl is null ? null : new Uri(publicUrl),
            change: setup =>
            {
                setup.Configuration.With("Webhooks:Receiver:Sources:partner:PublicUrl", configured);
                setup.Map = app => app.MapWebhookReceiver("/hooks/{source}", "partner");
            });
        using var request = await host.Requests.CreateAsync("/hooks/partner?a=%2f&b=c+d", OrderPaid.Payload);
        request.Headers.Host = "host.example:81";

        using var response = await host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task Start_WithoutARequiredSetting_NamesTheKeyThatSetsIt()
    {
        var exception = await Assert.ThrowsAsync<WebhookConfigurationException>(
            () => StartAsync(_ => default, settings: [new ProviderSetting("WebhookId", "PayPal shows it beside the URL.")]));

        var error = Assert.Single(exception.Errors);
        Assert.Contains("PayPal shows it beside the URL.", error, StringComparison.Ordinal);
        Assert.Contains("'Webhooks:Receiver:Sources:partner:Settings:WebhookId'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAnUnknownSetting_NamesTheKnownOnes()
    {
        var exception = await Assert.ThrowsAsync<WebhookConfigurationException>(() => StartAsync(
            _ => default,
            settings: [new ProviderSetting("WebhookId", "", IsRequired: false)],
            configure: source => source.Set("WebhokId", "1")));

        Assert.Contains("'WebhokId' of source 'partner' is not a setting of the provider 'scripted': use 'WebhookId'.", exception.Errors);
    }

    [Fact]
    public async Task Start_SettingOfCodeAndConfiguration_ConfigurationHasTheLastWord()
    {
        IReadOnlyDictionary<string, string>? seen = null;
        await using var host = await StartAsync(
            _ => default,
            settings: [new ProviderSetting("WebhookId", "")],
            configure: source => source.Set("webhookid", "code"),
            change: setup => setup.Configuration.With("Webhooks:Receiver:Sources:partner:Settings:WEBHOOKID", "configuration"),
            created: context => seen = context.Settings);

        Assert.Equal("configuration", seen!["WebhookId"]);
    }

    [Fact]
    public async Task Start_ConfiguredPublicUrlIsNone_SaysSo()
    {
        var exception = await Assert.ThrowsAsync<WebhookConfigurationException>(() => StartAsync(
            _ => default, change: setup => setup.Configuration.With("Webhooks:Receiver:Sources:partner:PublicUrl", "hooks")));

        Assert.Contains("'hooks' ('Webhooks:Receiver:Sources:partner:PublicUrl') is not a URL.", Assert.Single(exception.Errors), StringComparison.Ordinal);
    }

    private static Task<ReceiverHost> StartAsync(
        Func<WebhookRequest, VerificationResult> verify,
        int acceptedStatus = 200,
        string? acceptedText = null,
        int refusedStatus = 401,
        IReadOnlyList<ProviderSetting>? settings = null,
        Action<SourceBuilder>? configure = null,
        Action<ReceiverSetup>? change = null,
        Action<VerifierContext>? created = null)
    {
        var provider = new WebhookProvider
        {
            Name = "scripted",
            RequiresSecret = false,
            SignsUrl = true,
            AcceptedStatus = acceptedStatus,
            AcceptedText = acceptedText,
            RefusedStatus = refusedStatus,
            Settings = settings ?? [],
            ValidateSecret = _ => null,
            CreateVerifier = context =>
            {
                created?.Invoke(context);
                return new ScriptedVerifier(verify);
            },
        };
        return ReceiverHost.StartAsync(
            (receiver, _) => receiver.AddSource("partner", provider, source =>
            {
                configure?.Invoke(source);
                source.OnOthers((_, _) => Task.CompletedTask);
            }),
            change);
    }

    private sealed class ScriptedVerifier(Func<WebhookRequest, VerificationResult> verify) : IWebhookVerifier
    {
        public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken) => new(verify(request));
    }
}

using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.NetworkSafety;
using WebhookKit.Sender.Tests.NetworkSafety;
using WebhookKit.Sending;

namespace WebhookKit.Sender.Tests.Sending.ClientCertificates;

/// <summary>What servers see that ask for a client certificate. Only where the tests' own authority is trusted does a handshake come about.</summary>
public sealed class ClientCertificateTests
{
    private readonly X509Certificate2 _first = TestCertificates.Good;
    private readonly X509Certificate2 _second = TestCertificates.Good;

    [TrustedCertificateFact]
    public async Task Send_TwoCertificatesAndNoneOnOneHost_NeverShareAConnection()
    {
        await using var receiver = await MutualTlsReceiver.StartAsync(ClientCertificateMode.AllowCertificate);
        await using var services = Build(sender => sender.AddClientCertificate("first", () => new(_first)).AddClientCertificate("second", () => new(_second)));
        (string Name, string? Thumbprint)[] endpoints = [("first", _first.Thumbprint), ("second", _second.Thumbprint), ("none", null)];
        for (var round = 0; round < 4; round++)
        {
            foreach (var (name, _) in endpoints)
            {
                Assert.Equal(AttemptOutcome.Succeeded, (await SendAsync(services, $"{receiver.Url}/{name}", name == "none" ? null : name)).Outcome);
            }
        }

        Assert.Equal(12, receiver.Requests.Count);
        foreach (var (name, thumbprint) in endpoints)
        {
            Assert.All(receiver.Requests.Where(request => request.Path == $"/{name}"), request => Assert.Equal(thumbprint, request.Thumbprint));
        }

        Assert.All(receiver.Requests.GroupBy(request => request.Connection), ofConnection => Assert.Single(ofConnection.Select(request => request.Path).Distinct()));

        // They are kept, too.
        Assert.Equal(3, receiver.Requests.Select(request => request.Connection).Distinct().Count());
    }

    [TrustedCertificateFact]
    public async Task Send_OneCertificateOfTwoEndpoints_NeverSharesAConnectionBetweenThem()
    {
        await using var receiver = await MutualTlsReceiver.StartAsync(ClientCertificateMode.RequireCertificate);
        await using var services = Build(sender => sender
            .AddClientCertificate("ours", () => new(_first))
            .AddEndpoint("other", "https://example.com/", endpoint =>
            {
                endpoint.EventTypes.Add("*");
                endpoint.Secrets.Add(WebhookSecret.Generate().Reveal());
            }));
        var endpoints = services.GetRequiredService<DeclaredEndpoints>().All;
        Assert.Equal(2, endpoints.Count);
        for (var round = 0; round < 4; round++)
        {
            foreach (var endpoint in endpoints)
            {
                Assert.Equal(AttemptOutcome.Succeeded, (await SendAsync(services, endpoint, $"{receiver.Url}/{endpoint.Name}", "ours")).Outcome);
            }
        }

        Assert.Equal(8, receiver.Requests.Count);
        Assert.Equal(2, receiver.Requests.GroupBy(request => (request.Connection, request.Path)).Count());
    }

    [TrustedCertificateFact]
    public async Task Send_ServerRequiresACertificate_IsReachedWithOneAlone()
    {
        await using var receiver = await MutualTlsReceiver.StartAsync(ClientCertificateMode.RequireCertificate);
        await using var services = Build(sender => sender.AddClientCertificate("first", () => new(_first)));

        var without = await SendAsync(services, receiver.Url, null);
        Assert.Empty(receiver.Requests);
        var with = await SendAsync(services, receiver.Url, "FIRST");

        // How the server ends the connection, and when, is its own affair.
        Assert.NotEqual(AttemptOutcome.Succeeded, without.Outcome);
        Assert.Equal(AttemptOutcome.Succeeded, with.Outcome);
        Assert.Equal(_first.Thumbprint, Assert.Single(receiver.Requests).Thumbprint);
    }

    [TrustedCertificateFact]
    public async Task Send_CertificateIsReplaced_ShowsTheNewOneFromThenOn()
    {
        await using var receiver = await MutualTlsReceiver.StartAsync(ClientCertificateMode.RequireCertificate);
        var current = new ClientCertificate(_first);
        await using var services = Build(sender => sender.AddClientCertificate("ours", () => current));

        await SendAsync(services, receiver.Url, "ours");
        current = new ClientCertificate(_second);
        await SendAsync(services, receiver.Url, "ours");

        Assert.Equal([_first.Thumbprint, _second.Thumbprint], receiver.Requests.Select(request => request.Thumbprint));
    }

    [TrustedCertificateFact]
    public async Task Send_HandlersOfTheHost_RunAroundItAllTheSame()
    {
        await using var receiver = await MutualTlsReceiver.StartAsync(ClientCertificateMode.RequireCertificate);
        await using var services = Build(sender => sender.AddClientCertificate("first", () => new(_first)).AddHttpHandler<ToAnotherPath>());

        Assert.Equal(AttemptOutcome.Succeeded, (await SendAsync(services, receiver.Url, "first")).Outcome);

        Assert.Equal(("/elsewhere", _first.Thumbprint), (receiver.Requests.Single().Path, receiver.Requests.Single().Thumbprint));
    }

    [Fact]
    public async Task Send_CertificateThatCannotBeShown_FailsTheAttemptBeforeAnythingIsSent()
    {
        var network = new RecordingNetwork { Answer = _ => ["8.8.8.8"] };
        using var withoutKey = X509CertificateLoader.LoadCertificate(_first.RawData);
        using var expired = TestCertificates.Expired;
        await using var services = Build(
            sender => sender
                .AddClientCertificate("keyless", () => new(withoutKey))
                .AddClientCertificate("expired", () => new(expired))
                .AddClientCertificate("gone", () => null)
                .AddClientCertificate("broken", () => throw new IOException("hunter2")),
            services => services.AddSingleton<IHostResolver>(network).AddSingleton<IAddressConnector>(network));

        (string Name, string Error)[] cases =
        [
            ("keyless", "The client certificate 'keyless' has no private key."),
            ("expired", "The client certificate 'expired' has expired."),
            ("gone", "The client certificate 'gone' is not to be had."),
            ("broken", "The client certificate 'broken' could not be read."),
            ("unknown", "The client certificate 'unknown' is not to be had."),
        ];
        foreach (var (name, error) in cases)
        {
            var attempt = await SendAsync(services, "https://receiver.example/", name);
            Assert.Equal((AttemptOutcome.ClientCertificateMissing, error), (attempt.Outcome, attempt.Error));
        }

        Assert.Equal(0, network.Asked);
    }

    [Fact]
    public async Task Send_WithACertificate_TheGuardHolds()
    {
        var network = new RecordingNetwork { Answer = _ => ["10.0.0.1"] };
        await using var services = Build(
            sender => sender.AddClientCertificate("first", () => new(_first)),
            services => services.AddSingleton<IHostResolver>(network).AddSingleton<IAddressConnector>(network));

        Assert.Equal(AttemptOutcome.AddressForbidden, (await SendAsync(services, "https://receiver.example/", "first")).Outcome);

        Assert.Equal(1, network.Asked);
        Assert.Empty(network.Connects);
    }

    [TrustedCertificateFact]
    public async Task Send_SourceOfTheHost_IsToldForWhomAndComesFirst()
    {
        await using var receiver = await MutualTlsReceiver.StartAsync(ClientCertificateMode.RequireCertificate);
        var source = new TenantSource("acme", new(_first));
        await using var services = Build(
            sender => sender.AddClientCertificate("ours", () => new(_second)), services => services.AddSingleton<IClientCertificateSource>(source));

        await SendAsync(services, receiver.Url, "ours", tenant: "acme");
        await SendAsync(services, receiver.Url, "ours", tenant: "globex");

        Assert.Equal([_first.Thumbprint, _second.Thumbprint], receiver.Requests.Select(request => request.Thumbprint));
        var id = services.GetRequiredService<DeclaredEndpoints>().All.Single().Id;
        Assert.Equal([new("ours", "acme", id), new("ours", "globex", id)], source.Asked);
    }

    [TrustedCertificateFact]
    public async Task Publish_TenantPolicyNamesACertificate_IsDeliveredWithIt()
    {
        await using var receiver = await MutualTlsReceiver.StartAsync(ClientCertificateMode.RequireCertificate);
        await using var sender = await SenderHarness.StartAsync(builder => builder
            .AddEndpointRegistry()
            .AddClientCertificate("ours", () => new(_first))
            .UseTenantPolicy(_ => new EndpointPolicy { ClientCertificate = "ours" }));
        var created = await sender.Registry.CreateAsync(
            new NewEndpoint { Settings = new EndpointSettings { Url = receiver.Url, EventTypes = ["*"] } });
        Assert.True(created.IsDone, string.Join(' ', created.Errors));

        await sender.WaitForAsync(await sender.PublishAsync(), DeliveryStatus.Succeeded);

        Assert.Equal(_first.Thumbprint, Assert.Single(receiver.Requests).Thumbprint);
    }

    private static ServiceProvider Build(Action<SenderBuilder> build, Action<IServiceCollection>? register = null) => Attempting.Build(
        register: services =>
        {
            register?.Invoke(services);
            services.AddWebhooks().AddSender(build);
        });

    private static Task<Attempt> SendAsync(IServiceProvider services, string url, string? certificate, string? tenant = null) =>
        SendAsync(services, services.GetRequiredService<DeclaredEndpoints>().All.Single(), url, certificate, tenant);

    private static async Task<Attempt> SendAsync(
        IServiceProvider services, WebhookEndpoint endpoint, string url, string? certificate, string? tenant = null)
    {
        var changed = endpoint with { Url = url, TenantId = tenant, Policy = new EndpointPolicy { ClientCertificate = certificate } };
        return (await services.GetRequiredService<AttemptSender>().SendAsync(changed, Attempting.Message(), default)).Attempt;
    }

    private sealed class ToAnotherPath : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(request.RequestUri!, "/elsewhere");
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class TenantSource(string tenant, ClientCertificate certificate) : IClientCertificateSource
    {
        public List<ClientCertificateRequest> Asked { get; } = [];

        public ValueTask<ClientCertificate?> FindAsync(ClientCertificateRequest request, CancellationToken cancellationToken)
        {
            Asked.Add(request);
            return ValueTask.FromResult(request.TenantId == tenant ? certificate : null);
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Identifiers;
using WebhookKit.Sending;
using WebhookKit.Signing;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Sender.Tests.Sending;

public sealed class SignatureSchemeTests : IAsyncLifetime
{
    private readonly KeyService _service = new();
    private readonly RecordingLogger _log = new();
    private ScriptedReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await ScriptedReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task SendAsync_SigningKeyAndSecret_VerifiesWithEither()
    {
        var (key, secret) = (WebhookSigningKey.Generate(), WebhookSecret.Generate());

        await SendAsync(SignatureSchemes.StandardWebhooks, [key.Reveal(), secret.Reveal()]);

        var request = Assert.Single(_receiver.Requests);
        Assert.True(await VerifiesAsync(request, [secret], []));
        Assert.True(await VerifiesAsync(request, [], [key.VerificationKey]));
        Assert.False(await VerifiesAsync(request, [], [WebhookSigningKey.Generate().VerificationKey]));
    }

    [Fact]
    public async Task SendAsync_SchemeForReceiversWrittenForStripe_SignsItsWay()
    {
        var services = new ServiceCollection().AddLogging();
        var (url, secret) = (_receiver.Url.ToString(), "a secret of enough characters");
        services.AddWebhooks().AddSender(sender =>
        {
            sender.Configure(options => (options.AllowInsecureEndpoints, options.AllowLoopback) = (true, true));
            #region scheme
            sender.AddEndpoint("legacy", url, endpoint =>
            {
                endpoint.EventTypes.Add("*");
                endpoint.SignatureScheme = SignatureSchemes.Stripe;
                endpoint.SignatureHeaderPrefix = "Acme";
                endpoint.Secrets.Add(secret);
            });
            #endregion
        });
        await using var provider = services.BuildServiceProvider();

        await SendAsync(provider, 2);

        var request = Assert.Single(_receiver.Requests);
        var parts = request.Headers["Acme-Signature"].ToString().Split(',');
        var signed = Encoding.UTF8.GetBytes($"{parts[0]["t=".Length..]}.").Concat(request.Body.ToArray()).ToArray();
        Assert.Equal("v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)), parts[1]);
        Assert.Matches("^msg_", request.Headers["webhook-id"].ToString());
    }

    [Fact]
    public async Task SendAsync_HeaderPrefixOfTheHost_NamesTheHeadersByIt()
    {
        var secret = WebhookSecret.Generate();

        await SendAsync(SignatureSchemes.StandardWebhooks, [secret.Reveal()], endpoint => endpoint.SignatureHeaderPrefix = "acme");

        var request = Assert.Single(_receiver.Requests);
        Assert.True(await VerifiesAsync(request, [secret], [], "acme"));
        Assert.DoesNotContain("webhook-signature", request.Headers.Keys);
    }

    [Fact]
    public async Task SendAsync_KeysInAService_AreAskedForEveryAttempt()
    {
        var result = await SendAsync(Remote, ["old-key", "new-key"]);

        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        var request = Assert.Single(_receiver.Requests);
        Assert.True(await VerifiesAsync(request, [_service.SecretOf("old-key")], []));
        Assert.True(await VerifiesAsync(request, [_service.SecretOf("new-key")], []));
        Assert.Equal(2, _service.Calls);
    }

    [Fact]
    public async Task SendAsync_MoreThanTheServiceSigns_FailsVisiblyAndSendsNothing()
    {
        var result = await SendAsync(Remote, ["key"], payloadBytes: 4096);

        Assert.Equal(AttemptOutcome.SigningFailed, result.Outcome);
        Assert.Contains("more than the 4,096 that the endpoint's key signs at once", result.Error, StringComparison.Ordinal);
        Assert.Empty(_receiver.Requests);
        Assert.Equal(0, _service.Calls);
    }

    [Fact]
    public async Task SendAsync_ServiceFails_SaysNothingOfWhy()
    {
        _service.Fail = new InvalidOperationException("internal detail");

        var result = await SendAsync(Remote, ["key"]);

        Assert.Equal((AttemptOutcome.SigningFailed, "The message could not be signed."), (result.Outcome, result.Error));
        Assert.Empty(_receiver.Requests);
        Assert.Equal(1, _log.Count("SigningFailed"));
    }

    [Fact]
    public async Task SendAsync_ServiceHangs_EndsWithTheAttemptsDeadline()
    {
        _service.Hangs = true;

        var result = await SendAsync(Remote, ["key"], options: options => options.AttemptTimeout = TimeSpan.FromMilliseconds(50));

        Assert.Equal(AttemptOutcome.DeadlineExceeded, result.Outcome);
        Assert.Empty(_receiver.Requests);
    }

    /// <summary>A scheme of the host: what it configures as secrets are the names of keys, which sign elsewhere.</summary>
    #region remote-keys
    private static SignatureScheme Remote { get; } = new()
    {
        Name = "key-service",
        ValidateSecret = name => string.IsNullOrEmpty(name) ? "Set it to the name of a key." : null,
        CreateSigner = context => new RemoteStandardWebhooksSigner(
            [.. context.Secrets.Select(name => context.Services.GetRequiredService<KeyService>().Find(name))], context.HeaderPrefix),
    };
    #endregion

    private async Task<Attempt> SendAsync(
        SignatureScheme scheme,
        string[] secrets,
        Action<EndpointDeclaration>? declare = null,
        int payloadBytes = 100,
        Action<SenderOptions>? options = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Trace));
        services.AddSingleton(_service);
        services.AddWebhooks().AddSender(sender => sender
            .Configure(sent => (sent.AllowInsecureEndpoints, sent.AllowLoopback) = (true, true))
            .Configure(options ?? (_ => { }))
            .AddEndpoint("test", _receiver.Url.ToString(), endpoint =>
            {
                endpoint.EventTypes.Add("*");
                endpoint.SignatureScheme = scheme;
                secrets.ToList().ForEach(endpoint.Secrets.Add);
                declare?.Invoke(endpoint);
            }));
        await using var provider = services.BuildServiceProvider();
        return await SendAsync(provider, payloadBytes);
    }

    private static async Task<Attempt> SendAsync(IServiceProvider provider, int payloadBytes)
    {
        Assert.Empty(provider.GetRequiredService<DeclaredEndpoints>().Errors);
        var message = new WebhookMessage
        {
            Id = new IdGenerator(TimeProvider.System).NewMessageId(),
            EventType = "order.paid",
            ContentType = "application/json",
            Payload = new byte[payloadBytes],
            OccurredAt = TimeProvider.System.GetUtcNow(),
        };
        var endpoint = provider.GetRequiredService<DeclaredEndpoints>().All.Single();
        return (await provider.GetRequiredService<AttemptSender>().SendAsync(endpoint, message, default)).Attempt;
    }

    private static async Task<bool> VerifiesAsync(
        ReceivedRequest request, WebhookSecret[] secrets, WebhookVerificationKey[] keys, string prefix = StandardWebhooksHeaders.Prefix)
    {
        using var verifier = new StandardWebhooksVerifier(secrets, keys, TimeSpan.FromMinutes(5), TimeProvider.System, prefix);
        return (await verifier.VerifyAsync(request.ToWebhookRequest())).IsVerified;
    }

    /// <summary>A key management service: keys have names, never leave it, and sign raw messages of at most 4,096 bytes.</summary>
    private sealed class KeyService
    {
        private readonly Dictionary<string, WebhookSecret> _keys = [];

        public int Calls { get; private set; }

        public bool Hangs { get; set; }

        public Exception? Fail { get; set; }

        public WebhookSecret SecretOf(string name) => _keys[name];

        public IRemoteSigningKey Find(string name)
        {
            _keys[name] = WebhookSecret.Generate();
            return new Key(this, Convert.FromBase64String(_keys[name].Reveal()["whsec_".Length..]));
        }

        private sealed class Key(KeyService service, byte[] key) : IRemoteSigningKey
        {
            public string Version => "v1";

            public int MaxContentBytes => 4096;

            public async ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
            {
                await Task.Yield();
                service.Calls++;
                if (service.Hangs)
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }

                return service.Fail is { } failure ? throw failure : HMACSHA256.HashData(key, content.Span);
            }
        }
    }
}

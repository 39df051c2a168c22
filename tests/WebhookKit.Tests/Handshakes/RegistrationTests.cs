using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Handshakes;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Handshakes;

/// <summary>Secrets learned at run time: only while somebody waits for one, and then on every node.</summary>
public sealed class RegistrationTests : IAsyncDisposable
{
    private const string AsanaSecret = "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81";
    private const string Topic = "https://example.com/feed";

    private readonly FakeTimeProvider _clock = new();
    private readonly ServiceProvider _services;
    private readonly ISourceSecretStore _store;

    public RegistrationTests()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddLogging();
        services.AddWebhooks().UseInMemoryStore();
        _services = services.BuildServiceProvider();
        _store = _services.GetRequiredService<ISourceSecretStore>();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Asana_WhilePending_SecretIsKeptAndEchoed()
    {
        var question = (new Question("POST") { Store = _store }).With("X-Hook-Secret", AsanaSecret);

        var unexpected = await question.AskAsync(ProviderHandshakes.Asana);
        Assert.Equal((HandshakeStatus.NoPendingRegistration, 404), (unexpected.Status, unexpected.Response!.StatusCode));
        Assert.Empty(unexpected.Response.Headers);

        await OpenAsync();
        var expected = await question.AskAsync(ProviderHandshakes.Asana);

        Assert.Equal((HandshakeStatus.Answered, 200), (expected.Status, expected.Response!.StatusCode));
        Assert.Equal(new KeyValuePair<string, string>("X-Hook-Secret", AsanaSecret), Assert.Single(expected.Response.Headers));
        Assert.Equal([AsanaSecret], await _store.GetSecretsAsync("source", null, default));

        var attacker = await question.With("X-Hook-Secret", "attackersattackersattackers").AskAsync(ProviderHandshakes.Asana);
        Assert.Equal(HandshakeStatus.NoPendingRegistration, attacker.Status);
        Assert.Equal([AsanaSecret], await _store.GetSecretsAsync("source", null, default));
    }

    [Theory]
    [InlineData("a\r\nSet-Cookie: a=b")]
    [InlineData("")]
    [InlineData("a b")]
    public async Task Asana_SecretThatCannotBeAHeader_DoesNotUseUpTheRegistration(string secret)
    {
        await OpenAsync();

        var result = await (new Question("POST") { Store = _store }).With("X-Hook-Secret", secret).AskAsync(ProviderHandshakes.Asana);

        Assert.Equal(HandshakeStatus.MalformedChallenge, result.Status);
        Assert.Empty(await _store.GetSecretsAsync("source", null, default));
        Assert.Equal(
            RegistrationResult.Completed,
            await _store.TryCompleteAsync(new RegistrationAnswer("source", null) { Secret = AsanaSecret }, default));
    }

    [Fact]
    public async Task Asana_WithoutAStore_IsRefused() => Assert.Equal(
        HandshakeStatus.NotConfigured,
        (await new Question("POST").With("X-Hook-Secret", AsanaSecret).AskAsync(ProviderHandshakes.Asana)).Status);

    [Fact]
    public async Task Notion_WhilePending_TokenIsKept()
    {
        var question = Question.Post("""{"verification_token":"secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"}""") with { Store = _store };

        Assert.Equal(HandshakeStatus.NoPendingRegistration, (await question.AskAsync(ProviderHandshakes.Notion)).Status);
        await OpenAsync();

        Assert.Equal(200, (await question.AskAsync(ProviderHandshakes.Notion)).Response!.StatusCode);
        Assert.Equal(["secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"], await _store.GetSecretsAsync("source", null, default));
    }

    [Fact]
    public async Task WebSub_PendingTopic_IsConfirmedForItsLease()
    {
        var question = Hub("subscribe", Topic, "&hub.lease_seconds=864000");
        Assert.Equal(404, (await question.AskAsync(ProviderHandshakes.WebSub)).Response!.StatusCode);
        await OpenAsync(Topic, "chosen-by-us-chosen-by-us");

        Assert.Equal(404, (await Hub("subscribe", Topic + "2").AskAsync(ProviderHandshakes.WebSub)).Response!.StatusCode);
        Assert.Equal(404, (await Hub("unsubscribe", Topic).AskAsync(ProviderHandshakes.WebSub)).Response!.StatusCode);
        var confirmed = await question.AskAsync(ProviderHandshakes.WebSub);

        Assert.Equal((200, "kit"), (confirmed.Response!.StatusCode, Encoding.UTF8.GetString(confirmed.Response.Body.Span)));
        Assert.Equal(["chosen-by-us-chosen-by-us"], await _store.GetSecretsAsync("source", null, default));
        _clock.Advance(TimeSpan.FromDays(10));
        Assert.Empty(await _store.GetSecretsAsync("source", null, default));
    }

    [Fact]
    public async Task WebSub_LeaseOfNothing_EndsNoSubscription()
    {
        await OpenAsync(Topic, "chosen-by-us-chosen-by-us");

        await Hub("subscribe", Topic, "&hub.lease_seconds=0").AskAsync(ProviderHandshakes.WebSub);

        Assert.Equal(["chosen-by-us-chosen-by-us"], await _store.GetSecretsAsync("source", null, default));
    }

    [Fact]
    public async Task WebSub_TopicOfTheSource_NeedsNoRegistration()
    {
        var listed = Hub("subscribe", Topic).Setting(HandshakeSettings.Topics, $"https://example.com/other {Topic}");

        Assert.Equal(HandshakeStatus.Answered, (await listed.AskAsync(ProviderHandshakes.WebSub)).Status);
        Assert.Equal(
            HandshakeStatus.NoPendingRegistration,
            (await Hub("unsubscribe", Topic).Setting(HandshakeSettings.Topics, Topic).AskAsync(ProviderHandshakes.WebSub)).Status);
    }

    [Fact]
    public async Task WebSub_Denial_OnlyInforms()
    {
        await OpenAsync(Topic, "chosen-by-us-chosen-by-us");

        Assert.Equal(200, (await Hub("denied", Topic).AskAsync(ProviderHandshakes.WebSub)).Response!.StatusCode);
        Assert.Equal(200, (await Hub("subscribe", Topic).AskAsync(ProviderHandshakes.WebSub)).Response!.StatusCode);
    }

    [Fact]
    public async Task LearnedSecretsVerifier_SecretLearnedMeanwhile_VerifiesWithinASecond()
    {
        using var verifier = CreateVerifier();
        using var other = CreateVerifier();
        var request = Sign(AsanaSecret);
        Assert.Equal(VerificationStatus.SignatureMismatch, (await verifier.VerifyAsync(request)).Status);
        Assert.Equal(VerificationStatus.SignatureMismatch, (await other.VerifyAsync(request)).Status);
        await OpenAsync();
        await _store.TryCompleteAsync(new RegistrationAnswer("source", null) { Secret = AsanaSecret }, default);

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True((await verifier.VerifyAsync(request)).IsVerified);
        Assert.True((await other.VerifyAsync(request)).IsVerified);
        Assert.Equal(VerificationStatus.SignatureMismatch, (await verifier.VerifyAsync(Sign("another"))).Status);
    }

    [Fact]
    public async Task LearnedSecretsVerifier_SecretRemoved_StopsWithinAMinute()
    {
        using var verifier = CreateVerifier("configured-configured");
        await OpenAsync();
        await _store.TryCompleteAsync(new RegistrationAnswer("source", null) { Secret = AsanaSecret }, default);
        Assert.True((await verifier.VerifyAsync(Sign(AsanaSecret))).IsVerified);

        await _store.RemoveAsync("source", null, "", default);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(VerificationStatus.SignatureMismatch, (await verifier.VerifyAsync(Sign(AsanaSecret))).Status);
        Assert.True((await verifier.VerifyAsync(Sign("configured-configured"))).IsVerified);
    }

    [Fact]
    public async Task LearnedSecretsVerifier_FloodOfForgedRequests_AsksTheStoreOnceASecond()
    {
        var counting = new CountingStore(_store);
        using var verifier = CreateVerifier(counting, []);

        for (var i = 0; i < 100; i++)
        {
            await verifier.VerifyAsync(Sign("forged"));
        }

        Assert.Equal(1, counting.Reads);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await verifier.VerifyAsync(Sign("forged"));
        await verifier.VerifyAsync(Sign("forged"));
        Assert.Equal(2, counting.Reads);
    }

    private Task OpenAsync(string topic = "", string? secret = null) => _store.OpenAsync(
        new SourceRegistration("source", null, TimeSpan.FromHours(1)) { Topic = topic, Secret = secret }, default).AsTask();

    private Question Hub(string mode, string topic, string more = "") =>
        Question.Get($"hub.mode={mode}&hub.topic={Uri.EscapeDataString(topic)}&hub.challenge=kit{more}") with { Store = _store };

    private LearnedSecretsVerifier CreateVerifier(params string[] secrets) => CreateVerifier(_store, secrets);

    private LearnedSecretsVerifier CreateVerifier(ISourceSecretStore store, string[] secrets) => new(
        new WebhookProvider
        {
            Name = "hmac",
            ValidateSecret = _ => null,
            CreateVerifier = context => new HmacVerifier(context.Secrets),
            Handshakes = ProviderHandshakes.Asana,
        },
        new VerifierContext { Secrets = secrets, Tolerance = Timeout.InfiniteTimeSpan, TimeProvider = _clock },
        store,
        "source");

    private static WebhookRequest Sign(string secret) => new(
        "POST", null, WebhookHeaders.Create([new("signature", HmacVerifier.Sign(secret, "{}"u8))]), "{}"u8.ToArray());

    private sealed class HmacVerifier(IReadOnlyList<string> secrets) : IWebhookVerifier
    {
        public static string Sign(string secret, ReadOnlySpan<byte> body) =>
            Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

        public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default)
        {
            var body = request.Body;
            return new(secrets.Any(secret => Sign(secret, body.Span) == request.Headers["signature"])
                ? VerificationResult.Verified(null, null, 0)
                : VerificationResult.Refused(VerificationStatus.SignatureMismatch));
        }
    }

    private sealed class CountingStore(ISourceSecretStore store) : ISourceSecretStore
    {
        public int Reads { get; private set; }

        public ValueTask OpenAsync(SourceRegistration registration, CancellationToken cancellationToken) =>
            store.OpenAsync(registration, cancellationToken);

        public ValueTask<RegistrationResult> TryCompleteAsync(RegistrationAnswer answer, CancellationToken cancellationToken) =>
            store.TryCompleteAsync(answer, cancellationToken);

        public ValueTask<IReadOnlyList<string>> GetSecretsAsync(string source, string? tenantId, CancellationToken cancellationToken)
        {
            Reads++;
            return store.GetSecretsAsync(source, tenantId, cancellationToken);
        }

        public ValueTask<bool> RemoveAsync(string source, string? tenantId, string topic, CancellationToken cancellationToken) =>
            store.RemoveAsync(source, tenantId, topic, cancellationToken);
    }
}

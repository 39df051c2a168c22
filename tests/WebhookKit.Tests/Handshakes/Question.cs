using System.Text;
using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Handshakes;

/// <summary>A request that asks something, and the source it is sent to.</summary>
internal sealed record Question(string Method, string? Url = "https://example.com/hook")
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string Body { get; init; } = "";

    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    public string[] Secrets { get; init; } = ["kit-secret"];

    public ISourceSecretStore? Store { get; init; }

    public HttpMessageInvoker? Client { get; init; }

    public static Question Get(string query) => new("GET", "https://example.com/hook?" + query);

    public static Question Post(string body) => new("POST") { Body = body };

    public Question With(string header, string value) =>
        this with { Headers = new Dictionary<string, string>(Headers, StringComparer.OrdinalIgnoreCase) { [header] = value } };

    public Question Setting(ProviderSetting setting, string value) =>
        this with { Settings = new Dictionary<string, string>(Settings, StringComparer.OrdinalIgnoreCase) { [setting.Name] = value } };

    public HandshakeContext ToContext() => new()
    {
        Request = new WebhookRequest(Method, Url, WebhookHeaders.Create(Headers), Encoding.UTF8.GetBytes(Body)),
        Source = "source",
        Secrets = Secrets,
        Settings = Settings,
        SecretStore = Store,
        Client = Client,
    };

    /// <summary>Asks in both stages, as if the request was verified in between.</summary>
    public async Task<HandshakeResult> AskAsync(IReadOnlyList<Handshake> handshakes)
    {
        var before = await AskAsync(handshakes, HandshakeStage.BeforeVerification);
        return before.Status == HandshakeStatus.NotAsked ? await AskAsync(handshakes, HandshakeStage.AfterVerification) : before;
    }

    public async Task<HandshakeResult> AskAsync(IReadOnlyList<Handshake> handshakes, HandshakeStage stage) =>
        await HandshakeResponder.AnswerAsync(ProviderOf(handshakes), stage, ToContext());

    public static WebhookProvider ProviderOf(IReadOnlyList<Handshake> handshakes) => new()
    {
        Name = "kit",
        CreateVerifier = _ => throw new NotSupportedException(),
        ValidateSecret = _ => null,
        Handshakes = handshakes,
    };
}

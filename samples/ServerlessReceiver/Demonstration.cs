using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WebhookKit.Signing;

namespace ServerlessReceiver;

/// <summary>What a partner and Slack send.</summary>
internal static class Demonstration
{
    private const string Order = """{"type":"order.paid","data":{"id":"o1"}}""";
    private const string Question = """{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}""";

    public static async Task<IReadOnlyList<(string Name, FunctionRequest Request)>> CreateAsync(string partnerSecret, string slackSecret)
    {
        using var signer = new StandardWebhooksSigner([WebhookSecret.Parse(partnerSecret)]);
        var headers = await signer.SignAsync(
            new SigningRequest($"msg_{Guid.CreateVersion7():N}", TimeProvider.System.GetUtcNow(), Encoding.UTF8.GetBytes(Order)), default);
        var signed = Create("/hooks/partner", Order, headers.ToDictionary());

        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(slackSecret), Encoding.UTF8.GetBytes($"v0:{now}:{Question}"));
        var question = Create("/hooks/slack", Question, new Dictionary<string, string>
        {
            ["X-Slack-Request-Timestamp"] = now,
            ["X-Slack-Signature"] = "v0=" + Convert.ToHexStringLower(signature),
        });
        return
        [
            ("An order", signed),
            ("Its copy", signed),
            ("Tampered with", signed with { Body = Order.Replace("o1", "o2", StringComparison.Ordinal) }),
            ("Slack's question", question),
            ("The question of someone else", question with { Headers = [] }),
        ];
    }

    private static FunctionRequest Create(string path, string body, Dictionary<string, string> headers) =>
        new(path, RawQueryString: null, headers, new FunctionRequestContext("hooks.example.com", new FunctionHttp("POST")), body, IsBase64Encoded: false);
}

using System.Security.Cryptography;
using System.Text;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

/// <summary>A request that verifies, signed here with the framework alone, to be bent by a test.</summary>
internal sealed record SignedRequest
{
    public const string OfficialSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public static readonly DateTimeOffset SignedAt = DateTimeOffset.FromUnixTimeSeconds(1_750_000_000);

    public string? Id { get; init; } = "msg_1";

    public string? Timestamp { get; init; } = "1750000000";

    public string? Signature { get; init; }

    public byte[] Body { get; init; } = Encoding.UTF8.GetBytes("""{"type":"order.paid","data":{"id":1}}""");

    public IEnumerable<KeyValuePair<string, string>> MoreLines { get; init; } = [];

    /// <summary>The entry <c>v1,…</c> of this id, timestamp and body.</summary>
    public string Entry(string secret = OfficialSecret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        byte[] content = [.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. Body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content));
    }

    public WebhookRequest ToRequest()
    {
        IEnumerable<KeyValuePair<string, string?>> lines =
        [
            new("Webhook-Id", Id),
            new("Webhook-Timestamp", Timestamp),
            new("Webhook-Signature", Signature ?? Entry()),
        ];
        return new WebhookRequest(
            "POST",
            "https://shop.example/hooks",
            WebhookHeaders.Create([.. lines.Where(line => line.Value is not null).Select(line => KeyValuePair.Create(line.Key, line.Value!)), .. MoreLines]),
            Body);
    }
}

using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using WebhookKit.Signing;

namespace WebhookKit.Chaos.Duplicates;

/// <summary>Signs requests as the senders of the sources do.</summary>
internal sealed class RequestSigner(string secret) : IDisposable
{
    private readonly StandardWebhooksSigner _standard = new([WebhookSecret.Parse(secret)]);

    public async Task<HttpRequestMessage> SignAsync(Uri receiver, PlannedRequest planned, CancellationToken cancellationToken)
    {
        var payload = Encoding.UTF8.GetBytes($$$"""{"type":"{{{ReceivingNode.EventType}}}","data":{"number":{{{planned.Number}}}}}""");
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(receiver, $"/webhooks/{planned.Source}"))
        {
            Content = new ByteArrayContent(payload),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (planned.Source == ReceivingNode.HubSource)
        {
            // The delivery's id is not signed, and another one each time: the key is what the content comes to.
            request.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
            request.Headers.Add("X-GitHub-Event", ReceivingNode.EventType);
            request.Headers.Add(
                "X-Hub-Signature-256",
                $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), payload))}");
            return request;
        }

        var signed = await _standard.SignAsync(
            new SigningRequest($"evt_{planned.Number}", TimeProvider.System.GetUtcNow(), payload), cancellationToken);
        foreach (var (name, value) in signed)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public void Dispose() => _standard.Dispose();
}

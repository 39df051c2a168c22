using System.Net.Http.Headers;

namespace QuickStart;

/// <summary>Carries one signed request to the warehouse, as any sender of Standard Webhooks would.</summary>
public static class Courier
{
    public static Task<int> SendAsync(string url, MessageId id, byte[] payload, string secret) =>
        SendAsync(url, id.ToString(), payload, secret);

    public static async Task<int> SendAsync(string url, string id, byte[] payload, string secret)
    {
        using var signer = new StandardWebhooksSigner([WebhookSecret.Parse(secret)]);
        var signed = await signer.SignAsync(new SigningRequest(id, DateTimeOffset.UtcNow, payload), default);

        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(payload) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in signed)
        {
            request.Headers.Add(name, value);
        }

        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }
}

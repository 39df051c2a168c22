using WebhookKit.NetworkSafety;

namespace WebhookKit.Verification;

/// <summary>Fetches what providers publish, from hosts that their rules name, under the guard of the network policy.</summary>
internal static class KeyClient
{
    private const int MaxBytes = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // For the process: nothing of them depends on a source.
    private static readonly Lazy<HttpMessageInvoker> Shared = new(() => Guarded(NetworkPolicy.Default));
    private static readonly Lazy<HttpMessageInvoker> SharedForIssuers = new(() => Guarded(NetworkPolicy.Default with { AllowInsecureEndpoints = true }));

    /// <summary>Returns what is behind a URL, or null when it could not be had within 5 seconds.</summary>
    /// <param name="client">What calls; null for one over the default policy.</param>
    /// <param name="url">The URL, of a host that the provider's rule names.</param>
    /// <param name="question">What is posted as JSON; null gets what is there.</param>
    public static ValueTask<byte[]?> FetchAsync(HttpMessageInvoker? client, Uri url, byte[]? question = null) =>
        CallAsync(client ?? Shared.Value, url, question);

    /// <summary>Returns the certificate of an issuer, which its own signature proves and no TLS (RFC 5280, 4.2.2.1).</summary>
    /// <param name="client">What calls; null for one over the default policy that may call port 80 too.</param>
    /// <param name="url">The URL that the issued certificate names.</param>
    public static ValueTask<byte[]?> FetchIssuerAsync(HttpMessageInvoker? client, Uri url) =>
        CallAsync(client ?? SharedForIssuers.Value, url, question: null);

    private static HttpMessageInvoker Guarded(NetworkPolicy policy) => new(new GuardedHttpHandler(policy));

    // No request can cancel it: whoever asks and hangs up would have spent what others wait for.
    private static async ValueTask<byte[]?> CallAsync(HttpMessageInvoker client, Uri url, byte[]? question)
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            using var request = new HttpRequestMessage(question is null ? HttpMethod.Get : HttpMethod.Post, url);
            if (question is not null)
            {
                request.Content = new ByteArrayContent(question) { Headers = { ContentType = new("application/json") } };
            }

            using var response = await client.SendAsync(request, deadline.Token).ConfigureAwait(false);

            // Redirects are not followed: where they lead, no rule has named.
            return response.StatusCode == System.Net.HttpStatusCode.OK
                ? await ReadAsync(response.Content, deadline.Token).ConfigureAwait(false)
                : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async ValueTask<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var lifetime = stream.ConfigureAwait(false);
        using var kept = new MemoryStream();
        var buffer = new byte[8192];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (kept.Length + read > MaxBytes)
            {
                return null;
            }

            kept.Write(buffer, 0, read);
        }

        return kept.ToArray();
    }
}

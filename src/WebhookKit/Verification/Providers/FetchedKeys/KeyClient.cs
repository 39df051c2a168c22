using WebhookKit.NetworkSafety;

namespace WebhookKit.Verification;

/// <summary>Fetches what providers publish, from hosts that their rules name, under the guard of the network policy.</summary>
internal static class KeyClient
{
    private const int MaxBytes = 256 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // One for the process: nothing of it depends on a source.
    private static readonly Lazy<HttpMessageInvoker> Shared = new(() => new HttpMessageInvoker(new GuardedHttpHandler(NetworkPolicy.Default)));

    /// <summary>Returns the text behind a URL, or null when it could not be had within 5 seconds.</summary>
    /// <param name="client">What calls; null for one over the default policy.</param>
    /// <param name="url">The URL, of a host that the provider's rule names.</param>
    /// <param name="question">What is posted as JSON; null gets what is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<string?> FetchAsync(
        HttpMessageInvoker? client, Uri url, byte[]? question = null, CancellationToken cancellationToken = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            using var request = new HttpRequestMessage(question is null ? HttpMethod.Get : HttpMethod.Post, url);
            if (question is not null)
            {
                request.Content = new ByteArrayContent(question) { Headers = { ContentType = new("application/json") } };
            }

            using var response = await (client ?? Shared.Value).SendAsync(request, deadline.Token).ConfigureAwait(false);

            // Redirects are not followed: where they lead, no rule has named.
            return response.StatusCode == System.Net.HttpStatusCode.OK
                ? await ReadAsync(response.Content, deadline.Token).ConfigureAwait(false)
                : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static async ValueTask<string?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
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

        return System.Text.Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }
}

using System.Diagnostics;
using WebhookKit.Identifiers;
using WebhookKit.LoadTest.Senders;
using WebhookKit.Signing;

namespace WebhookKit.LoadTest.Receive;

/// <summary>Requests that are signed before anything is measured, each with an id of its own.</summary>
internal sealed class SignedRequests
{
    private readonly byte[] _payload;
    private readonly SignatureHeaders[] _headers;

    private SignedRequests(byte[] payload, SignatureHeaders[] headers)
    {
        _payload = payload;
        _headers = headers;
    }

    public static async Task<SignedRequests> CreateAsync(int requests, int payloadBytes, CancellationToken cancellationToken)
    {
        var ids = new IdGenerator(TimeProvider.System);
        var payload = new MessageShape(1, payloadBytes).CreatePayload();
        using var signer = new StandardWebhooksSigner([WebhookSecret.Parse(SenderSettings.Secret)]);
        var headers = new SignatureHeaders[requests];
        for (var i = 0; i < requests; i++)
        {
            headers[i] = await signer.SignAsync(
                new SigningRequest(ids.NewMessageId().ToString(), TimeProvider.System.GetUtcNow(), payload), cancellationToken);
        }

        return new SignedRequests(payload, headers);
    }

    /// <summary>Posts all of them, so many at once.</summary>
    /// <returns>The seconds it took, and how many were answered 2xx.</returns>
    public async Task<(double Seconds, int Accepted)> PostAsync(Uri url, int atOnce, CancellationToken cancellationToken)
    {
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });
        var next = -1;
        var accepted = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(PostSomeAsync, cancellationToken)));
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, accepted);

        async Task PostSomeAsync()
        {
            while (Interlocked.Increment(ref next) is var number && number < _headers.Length)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(_payload) };
                request.Content.Headers.TryAddWithoutValidation("Content-Type", MessageDefaults.ContentType);
                foreach (var (name, value) in _headers[number])
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }

                using var response = await invoker.SendAsync(request, cancellationToken);
                await response.Content.CopyToAsync(Stream.Null, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref accepted);
                }
            }
        }
    }
}

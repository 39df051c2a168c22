using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using WebhookKit.Identifiers;
using WebhookKit.Signing;

namespace WebhookKit.Testing;

/// <summary>Makes requests signed as a Standard Webhooks sender signs them, to test a receiver with.</summary>
public sealed class SignedRequestFactory : IDisposable
{
    private readonly StandardWebhooksSigner _signer;
    private readonly TimeProvider _timeProvider;
    private readonly IdGenerator _ids;

    /// <summary>Creates a factory with one secret and the system's clock.</summary>
    /// <param name="secret">The secret, as the receiver has it.</param>
    public SignedRequestFactory(WebhookSecret secret)
        : this([secret])
    {
    }

    /// <summary>Creates a factory; with several secrets each signs, as during rotation.</summary>
    /// <param name="secrets">The secrets, 1 to 10.</param>
    /// <param name="timeProvider">The clock; the system's when omitted.</param>
    public SignedRequestFactory(IReadOnlyList<WebhookSecret> secrets, TimeProvider? timeProvider = null)
    {
        _signer = new StandardWebhooksSigner(secrets);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _ids = new IdGenerator(_timeProvider);
    }

    /// <summary>Makes a POST request of a text, sent as UTF-8.</summary>
    /// <param name="url">Where it is sent; may be relative to the client's base address.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="options">How it differs from a plain one.</param>
    public Task<HttpRequestMessage> CreateAsync(string url, string payload, SignedRequestOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(payload);
        return CreateAsync(url, Encoding.UTF8.GetBytes(payload), options);
    }

    /// <summary>Makes a POST request of exact bytes.</summary>
    /// <param name="url">Where it is sent; may be relative to the client's base address.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="options">How it differs from a plain one.</param>
    public async Task<HttpRequestMessage> CreateAsync(
        string url, ReadOnlyMemory<byte> payload, SignedRequestOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        options ??= new SignedRequestOptions();
        var signed = new SigningRequest(
            options.Id ?? _ids.NewMessageId().ToString(), options.Timestamp ?? _timeProvider.GetUtcNow(), payload);
        using var stranger = options.Tampering == Tampering.OtherSecret ? new StandardWebhooksSigner([WebhookSecret.Generate()]) : null;
        var headers = await (stranger ?? _signer).SignAsync(signed, CancellationToken.None).ConfigureAwait(false);

        var content = new ByteArrayContent(options.Tampering == Tampering.Payload ? Flip(payload) : payload.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(options.ContentType);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        foreach (var (name, value) in headers)
        {
            if (Tamper(name, value, options.Tampering) is { } sent)
            {
                request.Headers.TryAddWithoutValidation(name, sent);
            }
        }

        return request;
    }

    /// <summary>Releases the signer.</summary>
    public void Dispose() => _signer.Dispose();

    private static string? Tamper(string name, string value, Tampering tampering) => (name, tampering) switch
    {
        (StandardWebhooksHeaders.Id, Tampering.MissingId) => null,
        (StandardWebhooksHeaders.Timestamp, Tampering.MissingTimestamp) => null,
        (StandardWebhooksHeaders.Signature, Tampering.MissingSignature) => null,
        (StandardWebhooksHeaders.Id, Tampering.Id) => value + "x",
        (StandardWebhooksHeaders.Timestamp, Tampering.Timestamp) =>
            (long.Parse(value, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture),
        (StandardWebhooksHeaders.Signature, Tampering.Signature) => string.Join(' ', value.Split(' ').Select(FlipSignature)),
        (StandardWebhooksHeaders.Signature, Tampering.UnknownVersion) => value.Replace("v1,", "v9,", StringComparison.Ordinal),
        _ => value,
    };

    private static string FlipSignature(string entry)
    {
        var comma = entry.IndexOf(',', StringComparison.Ordinal) + 1;
        return entry[..comma] + Convert.ToBase64String(Flip(Convert.FromBase64String(entry[comma..])));
    }

    private static byte[] Flip(ReadOnlyMemory<byte> bytes)
    {
        byte[] flipped = bytes.IsEmpty ? [0] : bytes.ToArray();
        flipped[^1] ^= 1;
        return flipped;
    }
}

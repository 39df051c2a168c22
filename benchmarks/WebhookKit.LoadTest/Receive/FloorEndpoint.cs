using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using WebhookKit.LoadTest.Senders;
using WebhookKit.Signing;

namespace WebhookKit.LoadTest.Receive;

/// <summary>Reads the body and compares one HMAC: no claim, no handler, no checks but the signature.</summary>
internal sealed class FloorEndpoint(HandledCounter handled)
{
    private readonly byte[] _key = Convert.FromBase64String(SenderSettings.Secret["whsec_".Length..]);

    public async Task HandleAsync(HttpContext context)
    {
        var length = (int)context.Request.ContentLength!;
        var body = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await context.Request.Body.ReadExactlyAsync(body.AsMemory(0, length), context.RequestAborted);
            if (Verify(context.Request.Headers, body.AsSpan(0, length)))
            {
                handled.Add();
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private bool Verify(IHeaderDictionary headers, ReadOnlySpan<byte> body)
    {
        var prefix = Encoding.ASCII.GetBytes($"{headers[StandardWebhooksHeaders.Id]}.{headers[StandardWebhooksHeaders.Timestamp]}.");
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        using (var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key))
        {
            hash.AppendData(prefix);
            hash.AppendData(body);
            hash.GetHashAndReset(expected);
        }

        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        var signature = headers[StandardWebhooksHeaders.Signature].ToString().AsSpan();
        return signature.StartsWith("v1,", StringComparison.Ordinal)
            && Convert.TryFromBase64Chars(signature[3..], given, out var written)
            && CryptographicOperations.FixedTimeEquals(expected, given[..written]);
    }
}

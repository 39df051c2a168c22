using System.Security.Cryptography;
using System.Text;
using WebhookKit.Handshakes;

namespace WebhookKit.Verification;

/// <summary>Compares a token that the sender repeats with every request; it proves who sends, and nothing of the body.</summary>
internal sealed class TokenVerifier : IWebhookVerifier
{
    private const int MaxTokenLength = 4096;

    private readonly TokenRule _rule;
    private readonly byte[][] _hashes;

    public TokenVerifier(TokenRule rule, VerifierContext context)
    {
        if (context.Secrets.Count is 0 or > SignatureKeys.MaxKeys)
        {
            throw new ArgumentException($"There are {context.Secrets.Count} tokens: give at least one and at most {SignatureKeys.MaxKeys}.", nameof(context));
        }

        _rule = rule;
        _hashes = [.. context.Secrets.Select(secret => rule.ValidateSecret(secret) is { } error
            ? throw new FormatException(error)
            : SHA256.HashData(Encoding.UTF8.GetBytes(rule.Expected(secret))))];
    }

    public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        new(Verify(request));

    private VerificationResult Verify(in WebhookRequest request)
    {
        var lines = request.Headers[_rule.Header];
        if (lines.Count > 1)
        {
            return VerificationResult.Refused(VerificationStatus.DuplicateSignature);
        }

        var token = lines.Count == 1 ? _rule.Read(lines[0])
            : _rule.QueryParameter is { } parameter ? QueryText.Find(request.Url, parameter)
            : null;
        if (token is null)
        {
            return VerificationResult.Refused(
                lines.Count == 1 ? VerificationStatus.NoUsableSignature : VerificationStatus.MissingSignature);
        }

        if (token.Length > MaxTokenLength)
        {
            return VerificationResult.Refused(VerificationStatus.MalformedSignature);
        }

        // Hashes of one length: neither where texts differ nor how long they are shows in the time.
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token), given);
        var found = -1;
        for (var index = _hashes.Length - 1; index >= 0; index--)
        {
            found = CryptographicOperations.FixedTimeEquals(given, _hashes[index]) ? index : found;
        }

        return found >= 0
            ? VerificationResult.Verified(id: null, timestamp: null, found)
            : VerificationResult.Refused(VerificationStatus.SignatureMismatch);
    }
}

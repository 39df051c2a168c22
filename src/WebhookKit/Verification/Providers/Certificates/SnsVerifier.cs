using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WebhookKit.Handshakes;

namespace WebhookKit.Verification;

/// <summary>Verifies messages of AWS SNS: fields of the body in a fixed order, under the certificate that the body names.</summary>
internal sealed class SnsVerifier(VerifierContext context, ICertificateSource certificates) : IWebhookVerifier, IDisposable
{
    private static readonly string[] Notification = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
    private static readonly string[] Confirmation = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

    private readonly Freshness _freshness = new(context);
    private readonly string[] _topics = context.Settings.GetValueOrDefault(HandshakeSettings.Topics.Name, "")
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    public async ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default)
    {
        if (!StrictJson.TryParse(request.Body.Span, out var message) || ContentOf(message) is not { } content)
        {
            return VerificationResult.Refused(VerificationStatus.MalformedBody);
        }

        if (StrictJson.TextOf(message, "Signature") is not { } signature)
        {
            return VerificationResult.Refused(VerificationStatus.MissingSignature);
        }

        HashAlgorithmName? hash = StrictJson.TextOf(message, "SignatureVersion") switch
        {
            "1" => HashAlgorithmName.SHA1,
            "2" => HashAlgorithmName.SHA256,
            _ => null,
        };
        if (hash is null)
        {
            return VerificationResult.Refused(VerificationStatus.UnknownSignatureForm);
        }

        if (!CertificateUrl.TryParse(StrictJson.TextOf(message, "SigningCertURL"), SnsHost.IsOne, out var url)
            || !url.AbsolutePath.EndsWith(".pem", StringComparison.Ordinal))
        {
            return VerificationResult.Refused(VerificationStatus.UntrustedKey);
        }

        // Amazon signs for everyone with a topic of their own. Asked first, so that nothing is fetched for those who do not know ours.
        if (_topics.Length > 0 && !_topics.Contains(StrictJson.TextOf(message, "TopicArn"), StringComparer.Ordinal))
        {
            return VerificationResult.Refused(VerificationStatus.ClaimMismatch);
        }

        var key = await certificates.FindAsync(url, cancellationToken).ConfigureAwait(false);
        var status = key.Verify(Encoding.UTF8.GetBytes(content), signature, hash.Value, _freshness.Now);
        if (status != VerificationStatus.Verified)
        {
            return VerificationResult.Refused(status);
        }

        return TimestampText.TryParse(StrictJson.TextOf(message, "Timestamp"), TimestampFormat.Rfc3339, out var signedAt)
            ? _freshness.Judge(StrictJson.TextOf(message, "MessageId"), signedAt, key.Index, isWholeSeconds: false)
            : VerificationResult.Refused(VerificationStatus.MalformedTimestamp);
    }

    public void Dispose() => certificates.Dispose();

    /// <summary>What is signed; null when a field is missing, or is no text.</summary>
    private static string? ContentOf(JsonElement message)
    {
        var names = StrictJson.TextOf(message, "Type") switch
        {
            "Notification" => Notification,
            "SubscriptionConfirmation" or "UnsubscribeConfirmation" => Confirmation,
            _ => [],
        };
        var content = new StringBuilder();
        foreach (var name in names)
        {
            var isThere = message.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;
            if (!isThere && name == "Subject")
            {
                continue;
            }

            if (!isThere || value.ValueKind != JsonValueKind.String || StrictJson.TextOf(value) is not { } text)
            {
                return null;
            }

            content.Append(name).Append('\n').Append(text).Append('\n');
        }

        return names.Length > 0 ? content.ToString() : null;
    }
}

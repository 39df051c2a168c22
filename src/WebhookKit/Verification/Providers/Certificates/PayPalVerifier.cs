using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WebhookKit.Verification;

/// <summary>Verifies PayPal's transmissions: id, time, webhook id and the body's checksum, under the certificate that a header names.</summary>
internal sealed class PayPalVerifier : IWebhookVerifier, IDisposable
{
    public static readonly ProviderSetting WebhookId = new("WebhookId", "Set it to the id that PayPal shows for the webhook; it is signed.");

    private readonly ICertificateSource _certificates;
    private readonly Freshness _freshness;
    private readonly string _webhookId;

    public PayPalVerifier(VerifierContext context, ICertificateSource certificates)
    {
        _webhookId = context.Settings.GetValueOrDefault(WebhookId.Name) is { Length: > 0 } id
            ? id
            : throw new ArgumentException($"The setting '{WebhookId.Name}' is missing. {WebhookId.Description}", nameof(context));
        _certificates = certificates;
        _freshness = new Freshness(context);
    }

    public static bool IsHost(string host) => host == "paypal.com" || host.EndsWith(".paypal.com", StringComparison.Ordinal);

    public async ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default)
    {
        var headers = request.Headers;
        if (HeaderLine.ReadSignature(headers, "PAYPAL-TRANSMISSION-SIG", out var refusal) is not { } signature)
        {
            return VerificationResult.Refused(refusal);
        }

        if (HeaderLine.Read(headers, "PAYPAL-TRANSMISSION-ID") is not { Length: <= 256 } id)
        {
            return VerificationResult.Refused(VerificationStatus.MissingId);
        }

        if (HeaderLine.Read(headers, "PAYPAL-TRANSMISSION-TIME") is not { } time)
        {
            return VerificationResult.Refused(VerificationStatus.MissingTimestamp);
        }

        if (!TimestampText.TryParse(time, TimestampFormat.Rfc3339, out var signedAt))
        {
            return VerificationResult.Refused(VerificationStatus.MalformedTimestamp);
        }

        if (HeaderLine.Read(headers, "PAYPAL-AUTH-ALGO") is not "SHA256withRSA")
        {
            return VerificationResult.Refused(VerificationStatus.UnknownSignatureForm);
        }

        if (!CertificateUrl.TryParse(HeaderLine.Read(headers, "PAYPAL-CERT-URL"), IsHost, out var url))
        {
            return VerificationResult.Refused(VerificationStatus.UntrustedKey);
        }

        var content = string.Create(CultureInfo.InvariantCulture, $"{id}|{time}|{_webhookId}|{Crc32.Of(request.Body.Span)}");
        var key = await _certificates.FindAsync(url, cancellationToken).ConfigureAwait(false);
        var status = key.Verify(Encoding.UTF8.GetBytes(content), signature, HashAlgorithmName.SHA256, _freshness.Now);
        return status == VerificationStatus.Verified
            ? _freshness.Judge(id, signedAt, key.Index, isWholeSeconds: false)
            : VerificationResult.Refused(status);
    }

    public void Dispose() => _certificates.Dispose();
}

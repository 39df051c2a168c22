using System.Globalization;
using WebhookKit.Verification;

namespace WebhookKit.Cli.Verification;

/// <summary>Verifies, and where that fails finds out which of header, clock, key, body or URL it was.</summary>
internal static class Diagnosis
{
    public static async Task<Finding> FindAsync(
        WebhookProvider provider, VerifierContext context, WebhookRequest request, CancellationToken cancellationToken)
    {
        using var verifier = new Verifier(provider, context);
        var result = await verifier.VerifyAsync(request, cancellationToken).ConfigureAwait(false);
        if (result.Status == VerificationStatus.SignatureMismatch)
        {
            var (cause, detail) = await ExplainMismatchAsync(provider, context, request, cancellationToken).ConfigureAwait(false);
            return new Finding(result.Status, cause, detail);
        }

        return result.Status switch
        {
            VerificationStatus.Verified => new Finding(result.Status, Cause.None, Describe(result)),
            VerificationStatus.MissingId or VerificationStatus.MissingTimestamp or VerificationStatus.MissingSignature
                or VerificationStatus.MissingSignedHeader => new Finding(
                    result.Status, Cause.MissingHeader, $"Pass on every header of the request.{Expected(provider)}"),
            VerificationStatus.TimestampOutsideTolerance => new Finding(result.Status, Cause.Clock, DescribeClock(result, context)),
            VerificationStatus.MissingUrl => new Finding(result.Status, Cause.Url, "The provider signs the URL: give --url as it called it."),
            VerificationStatus.MalformedBody => new Finding(
                result.Status, Cause.Body, "The body is not what the provider sends; give the exact bytes."),
            VerificationStatus.BodyMismatch => new Finding(
                result.Status, Cause.Body, $"The signature is genuine but not of this body. {Length(request) ?? "Bytes were changed on the way."}"),
            VerificationStatus.ClaimMismatch => new Finding(
                result.Status, Cause.Key, "The request was made for another receiver or by another sender."),
            VerificationStatus.UntrustedKey or VerificationStatus.KeyUnavailable => new Finding(
                result.Status, Cause.Key, "The key that the request names is not one to trust, or could not be fetched."),
            _ => new Finding(result.Status, Cause.MalformedHeader, $"A header is there twice, or not as the provider writes it.{Expected(provider)}"),
        };
    }

    private static async Task<(Cause Cause, string Detail)> ExplainMismatchAsync(
        WebhookProvider provider, VerifierContext context, WebhookRequest request, CancellationToken cancellationToken)
    {
        using var verifier = new Verifier(provider, context);
        foreach (var (what, original) in Alterations.Undo(request.Body.ToArray()))
        {
            if (await IsGenuineAsync(verifier, new(request.Method, request.Url, request.Headers, original), cancellationToken).ConfigureAwait(false))
            {
                return (Cause.Body, what);
            }
        }

        if (Length(request) is { } length)
        {
            return (Cause.Body, length);
        }

        foreach (var url in provider.SignsUrl && request.Url is not null ? SimilarUrls(request.Url) : [])
        {
            if (await IsGenuineAsync(verifier, new(request.Method, url, request.Headers, request.Body), cancellationToken).ConfigureAwait(false))
            {
                return (Cause.Url, $"It was signed for {url}.");
            }
        }

        return (Cause.Key, "No common change of the body explains it: most likely another secret, else bytes changed at will.");
    }

    // Whatever its age: a mended body must not fail by the clock.
    private static async Task<bool> IsGenuineAsync(Verifier verifier, WebhookRequest request, CancellationToken cancellationToken) =>
        (await verifier.VerifyAsync(request, cancellationToken).ConfigureAwait(false)).Status
            is VerificationStatus.Verified or VerificationStatus.TimestampOutsideTolerance;

    private static IEnumerable<string> SimilarUrls(string url)
    {
        yield return url.StartsWith("https:", StringComparison.Ordinal) ? "http:" + url["https:".Length..] : url.Replace("http:", "https:", StringComparison.Ordinal);
        yield return url.EndsWith('/') ? url[..^1] : url + "/";
        if (url.IndexOf('?', StringComparison.Ordinal) is var query and >= 0)
        {
            yield return url[..query];
        }

        if (Uri.TryCreate(url, UriKind.Absolute, out var parsed))
        {
            yield return $"{parsed.Scheme}://{parsed.Host}{parsed.PathAndQuery}";
            yield return $"{parsed.Scheme}://{parsed.Host}:{parsed.Port.ToString(CultureInfo.InvariantCulture)}{parsed.PathAndQuery}";
        }
    }

    private static string? Length(WebhookRequest request) =>
        request.Headers["Content-Length"] is [{ } text]
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        && length != request.Body.Length
            ? $"Content-Length says {length} bytes, the body has {request.Body.Length}."
            : null;

    private static string Expected(WebhookProvider provider)
    {
        var names = new[] { provider.Signature?.IdHeader, provider.Signature?.TimestampHeader, provider.Signature?.Header }.OfType<string>().ToArray();
        return names.Length == 0 ? "" : $" It sends {string.Join(", ", names)}.";
    }

    private static string Describe(VerificationResult result)
    {
        var signed = result.Timestamp is { } timestamp ? $", signed {timestamp.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "";
        return $"key {result.KeyIndex + 1}{(result.Id is null ? "" : $", id {result.Id}")}{signed}";
    }

    private static string DescribeClock(VerificationResult result, VerifierContext context)
    {
        var distance = context.TimeProvider.GetUtcNow() - result.Timestamp.GetValueOrDefault();
        return string.Create(CultureInfo.InvariantCulture, $"The signature is genuine but {Math.Abs(distance.TotalSeconds):0} s ")
            + (distance > TimeSpan.Zero ? "old" : "ahead")
            + string.Create(CultureInfo.InvariantCulture, $", more than {context.Tolerance.TotalSeconds:0} s: a replay, or a wrong clock.");
    }

    private sealed class Verifier(WebhookProvider provider, VerifierContext context) : IDisposable
    {
        private readonly IWebhookVerifier _verifier = provider.CreateVerifier(context);

        public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken) =>
            _verifier.VerifyAsync(request, cancellationToken);

        public void Dispose() => (_verifier as IDisposable)?.Dispose();
    }
}

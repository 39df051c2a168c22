using Microsoft.Extensions.Primitives;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

/// <summary>The published examples that verify, and what of them the provider's own rule leaves open.</summary>
internal static class SignedVectors
{
    /// <summary>Whose signature leaves out the body or a part of it, or covers what it says and not how it is written.</summary>
    private static readonly string[] BodyNotCovered =
    [
        "adyen", "aws-sns", "braintree", "gitlab-token", "google-pubsub", "mailgun", "monday", "telegram", "twilio",
    ];

    private static readonly Dictionary<string, SignatureVector> Positive = SignatureVector
        .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "open.json")))
        .Where(vector => vector is { Kind: "verify", IsExpectedValid: true, IsBinding: true })
        .ToDictionary(vector => vector.Id);

    public static IEnumerable<string> Ids => Positive.Keys;

    public static SignatureVector Get(string id) => Positive[id];

    public static WebhookProvider ProviderOf(SignatureVector vector) =>
        WebhookProviders.TryGet(vector.EntryName, out var provider) ? provider : throw new InvalidOperationException(vector.EntryName);

    public static bool CoversBody(SignatureVector vector) =>
        // This published signature leaves the body to its unsigned digest.
        vector.Id != "rfc9421-b25" && !BodyNotCovered.Contains(vector.EntryName);

    /// <summary>What separates the items of the signature header, where it has items.</summary>
    public static char? SeparatorOf(WebhookProvider provider) => provider.Signature is { } rule ? rule.Separator
        : provider.Name is "standard-webhooks" or "svix" or "openai" or "anthropic" ? ' '
        : null;

    /// <summary>Whether a changed header still says the same by the provider's own rule.</summary>
    public static bool SaysTheSame(SignatureVector vector, string header, string changed) =>
        // How the body is written; the certificate's URL is not signed, and only its host is judged.
        header.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
        || header.Equals("PAYPAL-CERT-URL", StringComparison.OrdinalIgnoreCase)

        // Names and values are compared as HTTP compares them.
        || (vector.EntryName == "contentful" && changed.Trim().Equals(Line(vector, header).Trim(), StringComparison.OrdinalIgnoreCase))
        || (vector.EntryName == "rfc9421" && changed.Trim() == Line(vector, header).Trim());

    public static string Line(SignatureVector vector, string header) => vector.ToRequest().Headers[header].ToString();

    public static Dictionary<string, StringValues> Headers(SignatureVector vector) =>
        vector.HeaderNames.ToDictionary(name => name, name => vector.ToRequest().Headers[name], StringComparer.OrdinalIgnoreCase);

    public static WebhookRequest With(SignatureVector vector, string header, StringValues lines)
    {
        var request = vector.ToRequest();
        var headers = Headers(vector);
        headers[header] = lines;
        if (lines.Count == 0)
        {
            headers.Remove(header);
        }

        return new WebhookRequest(request.Method, request.Url, WebhookHeaders.Wrap(headers), request.Body);
    }

    public static WebhookRequest WithBody(SignatureVector vector, ReadOnlyMemory<byte> body)
    {
        var request = vector.ToRequest();
        return new WebhookRequest(request.Method, request.Url, request.Headers, body);
    }

    public static WebhookRequest WithUrl(SignatureVector vector, string? url)
    {
        var request = vector.ToRequest();
        return new WebhookRequest(request.Method, url, request.Headers, request.Body);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text;
using WebhookKit.Handshakes;

namespace WebhookKit.Verification;

/// <summary>Builds what a message signature is made over (RFC 9421, 2.5).</summary>
internal static class SignatureBase
{
    public static VerificationStatus? TryBuild(in WebhookRequest request, SignatureInput input, string? status, out byte[] content)
    {
        content = [];
        var text = new StringBuilder();
        foreach (var component in input.Components)
        {
            if (!AreParametersKnown(component))
            {
                return VerificationStatus.UnknownSignatureForm;
            }

            if (ValueOf(request, component, status) is not { } value)
            {
                return component.Name is ['@', ..] ? VerificationStatus.MissingUrl : VerificationStatus.MissingSignedHeader;
            }

            // A line break would let one component stand for two.
            if (value.AsSpan().IndexOfAny('\r', '\n') >= 0)
            {
                return VerificationStatus.MissingSignedHeader;
            }

            text.Append(component.Text).Append(": ").Append(value).Append('\n');
        }

        text.Append("\"@signature-params\": ").Append(input.Raw);
        content = Encoding.UTF8.GetBytes(text.ToString());
        return null;
    }

    // The parameters that change what a value is (sf, bs, key, req, tr) are not supported.
    private static bool AreParametersKnown(SignatureInput.Component component) => component.Name == "@query-param"
        ? component.Parameters.Count == 1 && component.Parameters.ContainsKey("name")
        : component.Parameters.Count == 0;

    private static string? ValueOf(in WebhookRequest request, SignatureInput.Component component, string? status)
    {
        if (component.Name is not ['@', ..])
        {
            var lines = request.Headers[component.Name];
            return lines.Count == 0 || component.Name.Any(char.IsAsciiLetterUpper)
                ? null
                : string.Join(", ", lines.Select(line => (line ?? "").Trim(' ', '\t')));
        }

        if (component.Name == "@method")
        {
            return request.Method;
        }

        if (component.Name == "@status")
        {
            return status;
        }

        if (!TrySplit(request.Url, out var scheme, out var authority, out var path, out var query))
        {
            return component.Name == "@authority" ? Authority(HeaderLine.Read(request.Headers, "Host"), "https") : null;
        }

        return component.Name switch
        {
            "@target-uri" => request.Url,
            "@authority" => Authority(authority, scheme),
            "@scheme" => scheme,
            "@request-target" => path + query,
            "@path" => path,
            "@query" => query.Length == 0 ? "?" : query,
            "@query-param" => QueryText.Find(request.Url, component.Parameters["name"]) is { } value ? Escape(value) : null,
            _ => null,
        };
    }

    private static bool TrySplit(
        [NotNullWhen(true)] string? url, out string scheme, out string authority, out string path, out string query)
    {
        (scheme, authority, path, query) = ("", "", "/", "");
        var end = url?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (end < 0)
        {
            return false;
        }

        scheme = url![..end].ToLowerInvariant();
        var rest = url[(end + 3)..];
        rest = rest.IndexOf('#', StringComparison.Ordinal) is var fragment and >= 0 ? rest[..fragment] : rest;
        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        query = mark < 0 ? "" : rest[mark..];
        rest = mark < 0 ? rest : rest[..mark];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        authority = slash < 0 ? rest : rest[..slash];
        path = slash < 0 ? "/" : rest[slash..];
        return true;
    }

    private static string? Authority(string? authority, string scheme)
    {
        var port = scheme == "http" ? ":80" : ":443";
        var host = authority?.ToLowerInvariant();
        return host?.EndsWith(port, StringComparison.Ordinal) is true ? host[..^port.Length] : host;
    }

    // The set of the URL standard's form encoding, with spaces as %20 (RFC 9421, 2.2.8).
    private static string Escape(string value) => Uri.EscapeDataString(value)
        .Replace("~", "%7E", StringComparison.Ordinal)
        .Replace("%2A", "*", StringComparison.Ordinal);
}

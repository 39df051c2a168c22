using System.Diagnostics.CodeAnalysis;

namespace WebhookKit.Verification;

/// <summary>Reads the URL of a certificate from a request; only the plain form on a provider's own host is one.</summary>
internal static class CertificateUrl
{
    private const int MaxLength = 1024;

    public static bool TryParse(string? text, Func<string, bool> isProviderHost, [NotNullWhen(true)] out Uri? url)
    {
        url = null;

        // The text has to be what is called: no user, port, escape or query to hide another host behind.
        if (text is not { Length: > 0 and <= MaxLength }
            || !text.StartsWith("https://", StringComparison.Ordinal)
            || text.AsSpan().IndexOfAny("@\\?#% ") >= 0
            || !Uri.TryCreate(text, UriKind.Absolute, out var parsed)
            || !string.Equals(parsed.AbsoluteUri, text, StringComparison.Ordinal)
            || !parsed.IsDefaultPort
            || !isProviderHost(parsed.Host))
        {
            return false;
        }

        url = parsed;
        return true;
    }
}

namespace WebhookKit.Endpoints;

/// <summary>Tells whether two URLs lead to the same receiver: scheme, host and port (RFC 6454).</summary>
internal static class UrlOrigin
{
    public static bool IsSame(string first, string second) =>
        string.Equals(first, second, StringComparison.Ordinal)
        || (Uri.TryCreate(first, UriKind.Absolute, out var one)
            && Uri.TryCreate(second, UriKind.Absolute, out var other)
            && one.Scheme == other.Scheme
            && one.Port == other.Port
            && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase));
}

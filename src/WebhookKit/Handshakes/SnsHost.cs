namespace WebhookKit.Handshakes;

/// <summary>The hosts of AWS SNS: <c>sns.{region}.amazonaws.com</c>, in China with <c>.cn</c> behind.</summary>
internal static class SnsHost
{
    public static bool IsOne(string host)
    {
        ReadOnlySpan<char> rest = host;
        if (rest.EndsWith(".cn", StringComparison.Ordinal))
        {
            rest = rest[..^".cn".Length];
        }

        if (!rest.StartsWith("sns.", StringComparison.Ordinal) || !rest.EndsWith(".amazonaws.com", StringComparison.Ordinal))
        {
            return false;
        }

        rest = rest["sns.".Length..];
        return rest.Length > ".amazonaws.com".Length
            && !rest[..^".amazonaws.com".Length].ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-");
    }
}

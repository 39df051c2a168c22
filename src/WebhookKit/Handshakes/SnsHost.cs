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

        return rest.StartsWith("sns.", StringComparison.Ordinal)
            && rest.EndsWith(".amazonaws.com", StringComparison.Ordinal)
            && rest.Length > "sns..amazonaws.com".Length
            && IsRegion(rest["sns.".Length..^".amazonaws.com".Length].ToString());
    }

    // As eu-west-1 and us-gov-east-1 are. "s3" and "s3-us-west-2" are not: there, anyone may have a bucket named "sns".
    private static bool IsRegion(string label)
    {
        var parts = label.Split('-');
        return parts.Length >= 3
            && parts[0].Length == 2
            && Array.TrueForAll(parts[..^1], part => part.Length > 0 && part.All(char.IsAsciiLetterLower))
            && parts[^1].Length > 0
            && parts[^1].All(char.IsAsciiDigit);
    }
}

namespace WebhookKit.Verification;

/// <summary>HubSpot's three versions; requests carry more than one, and the newest counts.</summary>
internal static class HubSpotRules
{
    public static readonly SignatureRule Version3 = new()
    {
        Header = "X-HubSpot-Signature-v3",
        TimestampHeader = "X-HubSpot-Request-Timestamp",
        TimestampFormat = TimestampFormat.UnixMilliseconds,
        Content = "{method}{url}{body}{timestamp}",
        Encoding = SignatureEncoding.Base64,
        RewriteUrl = Unescape,
    };

    private static readonly (string Escape, string Character)[] Escapes =
    [
        ("%3A", ":"), ("%2F", "/"), ("%3F", "?"), ("%40", "@"), ("%21", "!"), ("%24", "$"), ("%27", "'"),
        ("%28", "("), ("%29", ")"), ("%2A", "*"), ("%2C", ","), ("%3B", ";"),
    ];

    private static readonly SignatureRule Version2 = Older("v2", "{method}{url}{body}");
    private static readonly SignatureRule Version1 = Older("v1", "{body}");

    public static IWebhookVerifier CreateVerifier(VerifierContext context) => new AlternativesVerifier(
        new RuleVerifier(Version3, context), new RuleVerifier(Version2, context), new RuleVerifier(Version1, context));

    private static SignatureRule Older(string version, string content) => new()
    {
        Header = "X-HubSpot-Signature",
        RequiredHeaders = new Dictionary<string, string> { ["X-HubSpot-Signature-Version"] = version },
        Content = content,
        Algorithm = SignatureAlgorithm.Sha256OfKeyAndContent,
    };

    private static string Unescape(string url)
    {
        // Each stands for punctuation, so that no replacement makes another escape.
        foreach (var (escape, character) in Escapes)
        {
            url = url.Replace(escape, character, StringComparison.OrdinalIgnoreCase);
        }

        return url;
    }
}

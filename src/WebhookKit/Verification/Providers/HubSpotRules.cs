namespace WebhookKit.Verification;

/// <summary>HubSpot's three versions; requests carry more than one, and the newest counts.</summary>
/// <remarks>
/// Which ones they carry is not signed: where an older one is taken, a request that was captured is good for ever, because
/// neither signs a time, and with version 1 at every URL. The older ones count only where the source says so.
/// </remarks>
internal static class HubSpotRules
{
    public static readonly ProviderSetting OldestVersion = new(
        "OldestVersion",
        "Set it to 'v2' or 'v1' to take older signatures too, which sign no time; v1 signs no URL either.",
        IsRequired: false)
    {
        Values = ["v3", "v2", "v1"],
    };

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

    public static IWebhookVerifier CreateVerifier(VerifierContext context)
    {
        SignatureRule[] rules = context.Settings.GetValueOrDefault(OldestVersion.Name) switch
        {
            null or "v3" => [Version3],
            "v2" => [Version3, Version2],
            "v1" => [Version3, Version2, Version1],
            _ => throw new ArgumentException($"The setting '{OldestVersion.Name}' is no version. {OldestVersion.Description}", nameof(context)),
        };
        return new AlternativesVerifier([.. rules.Select(rule => new RuleVerifier(rule, context))]);
    }

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

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using WebhookKit.Verification;

namespace WebhookKit.Architecture.Tests.Docs;

/// <summary>The page of one provider, written from its entry in the catalogue.</summary>
internal static partial class ProviderPage
{
    private static readonly Lazy<XDocument> Comments = new(() =>
        XDocument.Load(Path.ChangeExtension(typeof(WebhookProviders).Assembly.Location, ".xml")));

    /// <summary>The entries with the properties they are known by in code.</summary>
    public static IEnumerable<(PropertyInfo Property, WebhookProvider Provider)> Entries() =>
        from property in typeof(WebhookProviders).GetProperties(BindingFlags.Public | BindingFlags.Static)
        where property.PropertyType == typeof(WebhookProvider)
        let provider = (WebhookProvider)property.GetValue(null)!
        orderby provider.Name
        select (property, provider);

    public static bool IsExperimental(PropertyInfo property) => property.IsDefined(typeof(ExperimentalAttribute));

    public static string Index() => $"""
        # Providers

        Written from the catalogue. The name is what configuration calls the provider; those marked experimental rest on
        secondary sources and may change (`WHK001` in code). Left out are providers whose way to sign could not be confirmed.

        | provider | name | |
        |---|---|---|
        {string.Join('\n', Entries().Select(entry =>
            $"| [{entry.Provider.Title}]({entry.Provider.Name}.md) | `{entry.Provider.Name}` | {(IsExperimental(entry.Property) ? "experimental" : "")} |"))}

        """;

    public static string Render(PropertyInfo property, WebhookProvider provider)
    {
        var page = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"# {provider.Title}\n\n{Summary(property)}\n\n");
        if (IsExperimental(property))
        {
            page.Append("Experimental: the rule is known from secondary sources alone and may change (`WHK001`).\n\n");
        }

        page.Append("| | |\n|---|---|\n");
        foreach (var (name, value) in Rows(provider).Where(row => row.Value is not null))
        {
            page.Append(CultureInfo.InvariantCulture, $"| {name} | {value} |\n");
        }

        var secrets = provider.RequiresSecret ? """, "Secrets": ["…"]""" : "";
        var shown = provider.Settings.Where(setting => setting.IsRequired).ToArray();
        var settings = shown.Length == 0 ? ""
            : $", \"Settings\": {{ {string.Join(", ", shown.Select(setting => $"\"{setting.Name}\": \"…\""))} }}";
        return page.Append(CultureInfo.InvariantCulture, $$"""

            In configuration, or in code by `WebhookProviders.{{property.Name}}`:

            ```json
            { "Webhooks": { "Receiver": { "Sources": { "{{provider.Name}}": { "Provider": "{{provider.Name}}"{{secrets}}{{settings}} } } } } }
            ```

            """).ToString();
    }

    private static IEnumerable<(string Name, string? Value)> Rows(WebhookProvider provider)
    {
        var rule = provider.Signature;
        yield return ("signature", rule is null ? null : Code([rule.Header, .. rule.FurtherHeaders.Take(1)]) + (rule.FurtherHeaders.Count > 1 ? " …" : ""));
        yield return ("signed content", rule is null ? null : $"`{rule.Content.Replace("|", "\\|", StringComparison.Ordinal)}`");
        yield return ("algorithm", rule is null ? null : $"{rule.Algorithm}, {rule.Encoding}{(rule.Prefix.Length > 0 ? $", behind `{rule.Prefix}`" : "")}");
        yield return ("labels", rule is { Labels.Count: > 0 } ? Code(rule.Labels) : null);
        yield return ("timestamp", rule is null ? null : (rule.TimestampHeader ?? rule.TimestampPointer ?? rule.TimestampLabel) is { } place ? $"`{place}`, {rule.TimestampFormat}" : null);
        yield return ("tolerance", provider.DefaultTolerance == Timeout.InfiniteTimeSpan ? "any age" : $"{provider.DefaultTolerance.TotalSeconds:0} s");
        yield return ("URL", provider.SignsUrl ? "needed: set the public URL where a proxy changes it" : null);
        yield return ("settings", provider.Settings.Count == 0 ? null
            : string.Join(", ", provider.Settings.Select(setting => $"`{setting.Name}`{(setting.IsRequired ? " (required)" : "")}")));
        yield return ("events", provider.EventsPointer is { } events ? $"several, at `{(events.Length == 0 ? "the body itself" : events)}`"
            + (provider.EventsContentTypes.Count > 0 ? $", under {Code(provider.EventsContentTypes)}" : "") : "one");
        yield return ("event type", $"`{provider.EventTypeHeader ?? provider.EventTypePointer}`"
            + string.Concat(provider.FurtherEventTypePointers.Select(pointer => $" or `{pointer}`"))
            + (provider.EventTypeDetailPointer is { } detail ? $" and `{detail}`" : "")
            + (provider.DefaultEventType is { } otherwise ? $", otherwise `{otherwise}`" : ""));
        yield return ("claim key", ClaimKey(provider.ClaimKey));
        yield return ("answer", $"{provider.AcceptedStatus}{(provider.AcceptedText is { } text ? $" `{text}`" : "")}, or {provider.RefusedStatus} when it does not verify");
        yield return ("retries", provider.RetrySpan > TimeSpan.Zero ? $"for {Span(provider.RetrySpan)}" : null);
        yield return ("handshake", provider.Handshakes.Count > 0 ? "answered by the receiver" : null);
    }

    private static string ClaimKey(ClaimKeyRule rule)
    {
        var key = rule.Source switch
        {
            ClaimKeySource.Members => Code(rule.Pointers),
            ClaimKeySource.Headers => Code(rule.HeaderNames),
            ClaimKeySource.SignedId => "the signed id",
            ClaimKeySource.SignedContentAndTimestamp => "the hash of the signed content, with the signed timestamp",
            ClaimKeySource.Request => "none: every request counts",
            _ => "the hash of the signed content",
        };
        return rule.Next is null ? key : $"{key}; otherwise {ClaimKey(rule.Next)}";
    }

    private static string Span(TimeSpan span) => span.TotalHours < 48 ? $"{span.TotalHours:0} hours" : $"{span.TotalDays:0} days";

    private static string Code(IEnumerable<string> texts) => string.Join(", ", texts.Select(text => $"`{text}`"));

    private static string Summary(PropertyInfo property)
    {
        var member = Comments.Value.Descendants("member").Single(candidate => (string?)candidate.Attribute("name") == $"P:WebhookKit.WebhookProviders.{property.Name}");
        var text = string.Concat(member.Element("summary")!.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement reference => $"`{((string?)reference.Attribute("cref"))?.Split('.')[^1]}`",
            _ => node.ToString(),
        }));
        return Whitespace().Replace(text, " ").Trim();
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whitespace();
}

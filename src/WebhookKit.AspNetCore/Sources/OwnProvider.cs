using System.Globalization;
using Microsoft.Extensions.Configuration;
using WebhookKit.Verification;

namespace WebhookKit.Sources;

/// <summary>Reads a provider of the host's own from configuration: the same few lines as in code, all errors at once.</summary>
internal sealed class OwnProvider(IConfigurationSection section, List<string> errors)
{
    private const string SignedContent = nameof(ClaimKeyRule.SignedContent);
    private const string SignedContentAndTimestamp = nameof(ClaimKeyRule.SignedContentAndTimestamp);
    private const string Request = nameof(ClaimKeyRule.Request);

    private readonly HashSet<string> _read = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the provider, or null when something is wrong with it.</summary>
    public WebhookProvider? Read()
    {
        var errorsBefore = errors.Count;
        var rule = new SignatureRule
        {
            Header = Text("Header") ?? "",
            FurtherHeaders = List("FurtherHeaders"),
            Prefix = Text("Prefix") ?? "",
            Separator = Text("Separator") is { } separator ? Character(separator) : null,
            Labels = List("Labels"),
            TimestampLabel = Text("TimestampLabel"),
            TimestampHeader = Text("TimestampHeader"),
            TimestampPointer = Text("TimestampPointer"),
            TimestampFormat = Choice("TimestampFormat", TimestampFormat.UnixSeconds),
            IdHeader = Text("IdHeader"),
            Content = Text("Content") ?? "{body}",
            Algorithm = Choice("Algorithm", SignatureAlgorithm.HmacSha256),
            Encoding = Choice("Encoding", SignatureEncoding.Hex),
            KeyForm = Choice("KeyForm", KeyForm.Text),
        };
        var provider = new WebhookProvider
        {
            Name = section.Key,
            Signature = rule,
            SignsUrl = rule.Content.Contains("{url}", StringComparison.Ordinal),
            ContentTypes = List("ContentTypes") is { Count: > 0 } types ? types : ["application/json"],
            EventsPointer = Text("EventsPointer"),
            EventsContentTypes = List("EventsContentTypes"),
            DataPointer = Text("DataPointer") ?? "",
            EventTypeHeader = Text("EventTypeHeader"),
            EventTypePointer = Text("EventTypePointer") ?? "/type",
            FurtherEventTypePointers = List("FurtherEventTypePointers"),
            EventTypeDetailPointer = Text("EventTypeDetailPointer"),
            DefaultEventType = Text("DefaultEventType"),
            ClaimKey = ClaimKey(),
            DefaultTolerance = Time("Tolerance", TimeSpan.FromMinutes(5)),
            RetrySpan = Time("RetrySpan", TimeSpan.Zero),
        };
        if (rule.Validate() is { } error)
        {
            errors.Add($"The provider '{section.Key}' ('{section.Path}') cannot be used. {error}");
        }

        foreach (var unknown in section.GetChildren().Where(child => !_read.Contains(child.Key)))
        {
            errors.Add($"'{unknown.Path}' is not something to say of a provider: use one of {string.Join(", ", _read.Order(StringComparer.Ordinal))}.");
        }

        return errors.Count == errorsBefore ? provider : null;
    }

    private string? Text(string name)
    {
        _read.Add(name);
        return section[name];
    }

    private IReadOnlyList<string> List(string name)
    {
        _read.Add(name);
        var list = section.GetSection(name);
        return list.Value is { } single ? [single] : [.. list.GetChildren().Select(item => item.Value ?? "")];
    }

    private ClaimKeyRule ClaimKey() => List("ClaimKey") switch
    {
        [] => ClaimKeyRule.SignedId,
        [SignedContent] => ClaimKeyRule.SignedContent,
        [SignedContentAndTimestamp] => ClaimKeyRule.SignedContentAndTimestamp,
        [Request] => ClaimKeyRule.Request,
        var pointers => ClaimKeyRule.Members([.. pointers]),
    };

    private char Character(string text)
    {
        if (text.Length != 1)
        {
            errors.Add($"'{section.Path}:Separator' is '{text}': set it to one character.");
        }

        return text.Length > 0 ? text[0] : ',';
    }

    private TEnum Choice<TEnum>(string name, TEnum otherwise)
        where TEnum : struct, Enum
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (Enum.GetNames<TEnum>().FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found && found != "None")
        {
            return Enum.Parse<TEnum>(found);
        }

        errors.Add($"'{section.Path}:{name}' is '{text}': use one of {string.Join(", ", Enum.GetNames<TEnum>().Where(known => known != "None"))}.");
        return otherwise;
    }

    private TimeSpan Time(string name, TimeSpan otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.Zero)
        {
            return time;
        }

        errors.Add($"'{section.Path}:{name}' is '{text}': write a time like '00:05:00'.");
        return otherwise;
    }
}

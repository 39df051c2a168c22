using System.Text;

namespace WebhookKit.Verification;

/// <summary>The text of <see cref="SignatureRule.Content"/>, taken apart once.</summary>
internal sealed class ContentTemplate
{
    private const string HeaderPrefix = "header:";

    private readonly Part[] _before;
    private readonly Part[] _after;

    /// <exception cref="ArgumentException">A placeholder is unknown or not closed, or the body is not there exactly once.</exception>
    public ContentTemplate(string text)
    {
        var parts = Parse(text);
        var body = parts.FindIndex(part => part.Kind == PartKind.Body);
        if (body < 0 || parts.FindLastIndex(part => part.Kind == PartKind.Body) != body)
        {
            throw new ArgumentException($"The content '{text}' must have {{body}} in it once: what is not signed, anyone can change.", nameof(text));
        }

        _before = [.. parts[..body]];
        _after = [.. parts[(body + 1)..]];
        HasUrl = parts.Exists(part => part.Kind == PartKind.Url);
        HasId = parts.Exists(part => part.Kind == PartKind.Id);
        HasTimestamp = parts.Exists(part => part.Kind == PartKind.Timestamp);
    }

    private enum PartKind
    {
        None = 0,
        Literal,
        Body,
        Id,
        Timestamp,
        Method,
        Url,
        Header,
    }

    public bool HasUrl { get; }

    public bool HasId { get; }

    public bool HasTimestamp { get; }

    /// <summary>Whether every header that is signed is there on one line.</summary>
    public bool HasHeaders(WebhookHeaders headers) => HasHeaders(_before, headers) && HasHeaders(_after, headers);

    /// <summary>How many bytes what comes before and after the body takes at most.</summary>
    public int MaxBytes(in SignedValues values) => MaxBytes(_before, values) + MaxBytes(_after, values);

    public int WriteBefore(in SignedValues values, Span<byte> destination) => Write(_before, values, destination);

    public int WriteAfter(in SignedValues values, Span<byte> destination) => Write(_after, values, destination);

    private static bool HasHeaders(Part[] parts, WebhookHeaders headers)
    {
        foreach (var part in parts)
        {
            if (part.Kind == PartKind.Header && headers[part.Name].Count != 1)
            {
                return false;
            }
        }

        return true;
    }

    private static int MaxBytes(Part[] parts, in SignedValues values)
    {
        var bytes = 0;
        foreach (var part in parts)
        {
            bytes += part.Literal.Length + Encoding.UTF8.GetMaxByteCount(part.TextOf(values).Length);
        }

        return bytes;
    }

    private static int Write(Part[] parts, in SignedValues values, Span<byte> destination)
    {
        var written = 0;
        foreach (var part in parts)
        {
            part.Literal.CopyTo(destination[written..]);
            written += part.Literal.Length;
            written += Encoding.UTF8.GetBytes(part.TextOf(values), destination[written..]);
        }

        return written;
    }

    private static List<Part> Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var parts = new List<Part>();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('{', at);
            var literal = open < 0 ? text[at..] : text[at..open];
            if (literal.Length > 0)
            {
                parts.Add(new Part(PartKind.Literal, Encoding.UTF8.GetBytes(literal), ""));
            }

            if (open < 0)
            {
                break;
            }

            var close = text.IndexOf('}', open);
            if (close < 0)
            {
                throw new ArgumentException($"The content '{text}' has a '{{' without '}}'.", nameof(text));
            }

            parts.Add(Placeholder(text[(open + 1)..close]));
            at = close + 1;
        }

        return parts;
    }

    private static Part Placeholder(string name) => name switch
    {
        "body" => new Part(PartKind.Body, [], ""),
        "id" => new Part(PartKind.Id, [], ""),
        "timestamp" => new Part(PartKind.Timestamp, [], ""),
        "method" => new Part(PartKind.Method, [], ""),
        "url" => new Part(PartKind.Url, [], ""),
        _ when name.StartsWith(HeaderPrefix, StringComparison.Ordinal) && name.Length > HeaderPrefix.Length =>
            new Part(PartKind.Header, [], name[HeaderPrefix.Length..]),
        _ => throw new ArgumentException(
            $"'{{{name}}}' is no placeholder: use {{body}}, {{timestamp}}, {{id}}, {{method}}, {{url}} or {{header:NAME}}.", nameof(name)),
    };

    private sealed record Part(PartKind Kind, byte[] Literal, string Name)
    {
        public ReadOnlySpan<char> TextOf(in SignedValues values) => Kind switch
        {
            PartKind.Id => values.Id,
            PartKind.Timestamp => values.Timestamp,
            PartKind.Method => values.Method,
            PartKind.Url => values.Url,
            PartKind.Header => values.Headers[Name][0],
            _ => [],
        };
    }
}

using System.Text.Json;

namespace WebhookKit.Handshakes;

/// <summary>Where in a request a text is: in the query, in a header or in a member of its JSON body.</summary>
public sealed class RequestField
{
    private readonly Place _place;

    private RequestField(Place place, string name)
    {
        _place = place;
        Name = name;
    }

    private enum Place
    {
        None = 0,
        Query,
        Header,
        Json,
    }

    /// <summary>The parameter, header or JSON pointer.</summary>
    public string Name { get; }

    /// <summary>For JSON, the member's own name: a body without these bytes cannot have it.</summary>
    internal string? JsonMember => _place == Place.Json ? Name[(Name.LastIndexOf('/') + 1)..] : null;

    /// <summary>A parameter of the query, percent-decoded; there must be one only.</summary>
    public static RequestField Query(string name) => Create(Place.Query, name);

    /// <summary>A header; there must be one line only.</summary>
    public static RequestField Header(string name) => Create(Place.Header, name);

    /// <summary>A string or number in the JSON body.</summary>
    /// <param name="pointer">A JSON pointer (RFC 6901) without escapes, such as <c>/0/data/validationCode</c>.</param>
    public static RequestField Json(string pointer) =>
        pointer is ['/', ..] ? Create(Place.Json, pointer) : throw new ArgumentException("A JSON pointer begins with '/'.", nameof(pointer));

    /// <summary>Reads the text; null when it is missing, there several times, or not a text.</summary>
    public string? Read(HandshakeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return _place switch
        {
            Place.Query => QueryText.Find(context.Request.Url, Name),
            Place.Header => context.Request.Headers[Name] is [{ } value] ? value : null,
            _ => ReadJson(context.Json),
        };
    }

    /// <summary>Asks only questions in which the field has this very text.</summary>
    public HandshakeCondition Is(string value) => new(this, HandshakeCondition.Kind.Equal, value);

    /// <summary>Asks only questions that have the field.</summary>
    public HandshakeCondition IsPresent() => new(this, HandshakeCondition.Kind.Present, null);

    /// <summary>Asks only questions that do not have the field.</summary>
    public HandshakeCondition IsAbsent() => new(this, HandshakeCondition.Kind.Absent, null);

    /// <summary>Asks only questions in which the member is a JSON array without items.</summary>
    public HandshakeCondition IsEmptyList() => new(this, HandshakeCondition.Kind.EmptyList, null);

    /// <summary>Returns the place and the name.</summary>
    public override string ToString() => $"{_place} {Name}";

    private static RequestField Create(Place place, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new RequestField(place, name);
    }

    internal bool IsEmptyList(HandshakeContext context) =>
        _place == Place.Json && TryFind(context.Json, out var element) && element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == 0;

    private string? ReadJson(JsonElement? root)
    {
        if (!TryFind(root, out var element))
        {
            return null;
        }

        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString(),
                JsonValueKind.Number => element.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }

    private bool TryFind(JsonElement? root, out JsonElement element)
    {
        element = root.GetValueOrDefault();
        foreach (var range in Name.AsSpan(1).Split('/'))
        {
            if (!TryStep(element, Name.AsSpan(1)[range], out element))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryStep(JsonElement element, ReadOnlySpan<char> step, out JsonElement next)
    {
        next = default;
        if (element.ValueKind == JsonValueKind.Object)
        {
            return element.TryGetProperty(step, out next);
        }

        if (element.ValueKind != JsonValueKind.Array || !int.TryParse(step, out var index) || index >= element.GetArrayLength())
        {
            return false;
        }

        next = element[index];
        return true;
    }
}

using System.Text.Json;
using WebhookKit.Verification;

namespace WebhookKit.Testing;

/// <summary>One published example of a signed request, a digest or a handshake, and what is to be said of it.</summary>
/// <remarks>
/// The file is a JSON array of objects with <c>id</c>, <c>provider</c>, <c>schemeId</c>, <c>kind</c>, <c>secrets</c>,
/// <c>publicKey</c>, <c>url</c>, <c>method</c>, <c>headers</c>, <c>bodyUtf8</c> or <c>bodyBase64</c>, <c>now</c>,
/// <c>toleranceSeconds</c>, <c>checkTimestamp</c>, <c>context</c>, <c>expected</c>, <c>assert</c> and <c>expectedResponse</c>.
/// </remarks>
public sealed class SignatureVector
{
    private readonly JsonElement _json;

    // What is no object says nothing: it is judged, and reported, like any other vector that nobody understands.
    private SignatureVector(JsonElement json) => _json = json.ValueKind == JsonValueKind.Object ? json : JsonElement.Parse("{}"u8);

    /// <summary>What the vector is called; unique in its file.</summary>
    public string Id => Text("id") ?? "";

    /// <summary>Whose example it is.</summary>
    public string Provider => Text("provider") ?? "";

    /// <summary>The name of the entry in the catalogue; handshakes hang on the provider's.</summary>
    public string EntryName => IsHandshake || Text("schemeId") is not { } scheme ? Provider : scheme;

    /// <summary><c>verify</c>, <c>digest</c> or <c>handshake</c>.</summary>
    public string Kind => Text("kind") ?? "";

    /// <summary>Whether the request is to be accepted, or the question answered.</summary>
    public bool IsExpectedValid => Text("expected") == "valid";

    /// <summary>Whether the vector says what it expects at all.</summary>
    internal bool IsExpecting => Text("expected") is "valid" or "invalid";

    /// <summary>Whether another verdict is wrong; otherwise it has to be a verdict and no exception.</summary>
    public bool IsBinding => Text("assert") != "either";

    /// <summary>Why.</summary>
    public string Reason => Text("reason") ?? "";

    internal bool IsHandshake => Kind == "handshake";

    internal IReadOnlyList<string> Secrets => [.. Texts("secrets"), .. Texts("publicKey")];

    /// <summary>The names of the headers, in order.</summary>
    public IEnumerable<string> HeaderNames => HeaderLines().Select(line => line.Key).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>The clock to pretend.</summary>
    public DateTimeOffset Now => _json.TryGetProperty("now", out var now) && now.ValueKind == JsonValueKind.Number
        ? DateTimeOffset.UnixEpoch.AddSeconds(now.GetDouble())
        : DateTimeOffset.UnixEpoch;

    /// <summary>The tolerance to verify with; null for the entry's own, <see cref="Timeout.InfiniteTimeSpan"/> for none.</summary>
    public TimeSpan? Tolerance =>
        _json.TryGetProperty("checkTimestamp", out var check) && check.ValueKind == JsonValueKind.False ? Timeout.InfiniteTimeSpan
        : _json.TryGetProperty("toleranceSeconds", out var seconds) && seconds.ValueKind == JsonValueKind.Number
            ? TimeSpan.FromSeconds(seconds.GetDouble())
            : null;

    internal IReadOnlyDictionary<string, string> Context => !_json.TryGetProperty("context", out var context) || context.ValueKind != JsonValueKind.Object
        ? new Dictionary<string, string>()
        : context.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    internal JsonElement? ExpectedResponse => _json.TryGetProperty("expectedResponse", out var response) ? response : null;

    /// <summary>Reads a file of vectors.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="FormatException">The JSON is not an array.</exception>
    public static IReadOnlyList<SignatureVector> Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json.Span.StartsWith("\uFEFF"u8) ? json["\uFEFF"u8.Length..] : json);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("A file of vectors is a JSON array of objects.");
        }

        return [.. document.RootElement.EnumerateArray().Select(vector => new SignatureVector(vector.Clone()))];
    }

    /// <summary>The request as it was received.</summary>
    public WebhookRequest ToRequest() => new(Text("method") ?? "POST", Text("url"), WebhookHeaders.Create(HeaderLines()), Body());

    /// <summary>Returns the id.</summary>
    public override string ToString() => Id;

    private IEnumerable<KeyValuePair<string, string>> HeaderLines() =>
        !_json.TryGetProperty("headers", out var headers) || headers.ValueKind != JsonValueKind.Object
            ? []
            : headers.EnumerateObject().Where(header => header.Value.ValueKind != JsonValueKind.Null).SelectMany(header => header.Value.ValueKind == JsonValueKind.Array
                ? header.Value.EnumerateArray().Select(line => KeyValuePair.Create(header.Name, line.ToString()))
                : [KeyValuePair.Create(header.Name, header.Value.ToString())]);

    private byte[] Body() => _json.TryGetProperty("bodyBase64", out var body) && body.ValueKind == JsonValueKind.String
        ? body.GetBytesFromBase64()
        : System.Text.Encoding.UTF8.GetBytes(Text("bodyUtf8") ?? "");

    // Strings as they are, objects (a JSON Web Key) as their text.
    private IEnumerable<string> Texts(string name) => !_json.TryGetProperty(name, out var value) ? [] : value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Select(item => item.ToString()),
        JsonValueKind.Null => [],
        _ => [value.ToString()],
    };

    private string? Text(string name)
    {
        try
        {
            return _json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }
}

using System.Text;

namespace WebhookKit.Handshakes;

/// <summary>An answer to write as it stands, independent of any web framework.</summary>
/// <remarks>Whatever has a body says <c>X-Content-Type-Options: nosniff</c>: what is echoed must never be taken for a page.</remarks>
public sealed class HandshakeResponse
{
    private static readonly KeyValuePair<string, string> NoSniff = new("X-Content-Type-Options", "nosniff");

    private HandshakeResponse(int statusCode, string? contentType, ReadOnlyMemory<byte> body, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        StatusCode = statusCode;
        ContentType = contentType;
        Body = body;
        Headers = headers;
    }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>The media type of the body; null when there is none.</summary>
    public string? ContentType { get; }

    /// <summary>The bytes of the body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Headers beside the content type, each once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>A status, and headers where the answer is in them.</summary>
    public static HandshakeResponse Empty(int statusCode, params IReadOnlyList<KeyValuePair<string, string>> headers) =>
        new(statusCode, null, ReadOnlyMemory<byte>.Empty, headers);

    /// <summary>A 200 with text.</summary>
    public static HandshakeResponse Text(string text) =>
        new(200, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text), [NoSniff]);

    /// <summary>A 200 with JSON.</summary>
    public static HandshakeResponse Json(ReadOnlyMemory<byte> utf8Json) => new(200, "application/json", utf8Json, [NoSniff]);
}

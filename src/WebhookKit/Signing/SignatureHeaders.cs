using System.Collections;

namespace WebhookKit.Signing;

/// <summary>The headers a signer adds to a request, in order.</summary>
public readonly struct SignatureHeaders : IReadOnlyList<KeyValuePair<string, string>>
{
    private readonly KeyValuePair<string, string>[]? _headers;

    /// <summary>Creates the list from names and values.</summary>
    public SignatureHeaders(params ReadOnlySpan<KeyValuePair<string, string>> headers) => _headers = headers.ToArray();

    private KeyValuePair<string, string>[] Headers => _headers ?? [];

    /// <summary>How many headers there are.</summary>
    public int Count => Headers.Length;

    /// <summary>The header at <paramref name="index"/>.</summary>
    public KeyValuePair<string, string> this[int index] => Headers[index];

    /// <summary>Enumerates names and values.</summary>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, string>>)Headers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

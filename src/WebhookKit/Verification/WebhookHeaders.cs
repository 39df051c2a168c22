using Microsoft.Extensions.Primitives;

namespace WebhookKit.Verification;

/// <summary>The headers of a received request; names are compared without regard to case.</summary>
public readonly struct WebhookHeaders
{
    private readonly IDictionary<string, StringValues>? _headers;

    private WebhookHeaders(IDictionary<string, StringValues> headers) => _headers = headers;

    /// <summary>The lines of the header <paramref name="name"/>, one value each; empty when there is none.</summary>
    public StringValues this[string name] =>
        _headers is not null && _headers.TryGetValue(name, out var values) ? values : StringValues.Empty;

    /// <summary>Wraps <paramref name="headers"/> without copying: ASP.NET Core's header dictionary is one of these.</summary>
    /// <param name="headers">The headers; their comparer must ignore case and a repeated header must keep its lines apart.</param>
    public static WebhookHeaders Wrap(IDictionary<string, StringValues> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return new WebhookHeaders(headers);
    }

    /// <summary>Copies header lines; several lines of the same name are kept apart.</summary>
    public static WebhookHeaders Create(IEnumerable<KeyValuePair<string, string>> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var headers = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in lines)
        {
            headers[name] = StringValues.Concat(headers.GetValueOrDefault(name), value);
        }

        return new WebhookHeaders(headers);
    }
}

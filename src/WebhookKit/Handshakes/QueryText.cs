namespace WebhookKit.Handshakes;

/// <summary>Reads one parameter of a URL's query.</summary>
internal static class QueryText
{
    private const int MaxLength = 8192;

    /// <summary>Returns the decoded value; null when there is none, or more than one.</summary>
    public static string? Find(string? url, string name)
    {
        var start = url?.IndexOf('?', StringComparison.Ordinal) ?? -1;
        if (start < 0 || url!.Length - start > MaxLength)
        {
            return null;
        }

        var query = url.AsSpan(start + 1);
        if (query.IndexOf('#') is var fragment and >= 0)
        {
            query = query[..fragment];
        }

        string? found = null;
        foreach (var range in query.Split('&'))
        {
            var parameter = query[range];
            var equals = parameter.IndexOf('=');
            if (!string.Equals(Decode(equals < 0 ? parameter : parameter[..equals]), name, StringComparison.Ordinal))
            {
                continue;
            }

            if (found is not null)
            {
                return null;
            }

            found = equals < 0 ? "" : Decode(parameter[(equals + 1)..]);
        }

        return found;
    }

    private static string Decode(ReadOnlySpan<char> text) =>
        Uri.UnescapeDataString(text.ToString().Replace('+', ' '));
}

using System.Text;

namespace WebhookKit.Cli.Listening;

/// <summary>Text from others as a terminal may have it: no control characters that would move its cursor, and no secret.</summary>
internal sealed class SafeText(IReadOnlyList<string> secrets)
{
    private const int MaxBodyBytes = 16 * 1024;

    public string Of(string text)
    {
        foreach (var secret in secrets.Where(secret => secret.Length > 0))
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        return string.Concat(text.Select(character => char.IsControl(character) && character is not ('\n' or '\t') ? '\uFFFD' : character));
    }

    public string OfBody(ReadOnlyMemory<byte> body)
    {
        var text = Of(Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MaxBodyBytes)]).Replace("\r\n", "\n", StringComparison.Ordinal));
        return body.Length > MaxBodyBytes ? $"{text}… ({body.Length} bytes)" : text;
    }
}

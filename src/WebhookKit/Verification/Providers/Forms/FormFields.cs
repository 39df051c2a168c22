using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace WebhookKit.Verification;

/// <summary>The fields of an <c>application/x-www-form-urlencoded</c> body, in the order they came.</summary>
internal static class FormFields
{
    private const int MaxFields = 1024;

    /// <summary>Whether a body is a form: it says so, or it says nothing and is no JSON object or array either.</summary>
    public static bool IsForm(in WebhookRequest request) => request.Headers["Content-Type"].Count == 0
        ? request.Body.Span is not [(byte)'{' or (byte)'[', ..]
        : HeaderLine.Read(request.Headers, "Content-Type") is { } type
            && type.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the fields; more than a thousand, or an escape that is none, are refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out IReadOnlyList<KeyValuePair<string, string>>? fields)
    {
        fields = null;
        var read = new List<KeyValuePair<string, string>>();
        foreach (var range in body.Split((byte)'&'))
        {
            var field = body[range];
            if (field.IsEmpty)
            {
                continue;
            }

            var equals = field.IndexOf((byte)'=');
            if (read.Count == MaxFields
                || Decode(equals < 0 ? field : field[..equals]) is not { } name
                || Decode(equals < 0 ? [] : field[(equals + 1)..]) is not { } value)
            {
                return false;
            }

            read.Add(KeyValuePair.Create(name, value));
        }

        fields = read;
        return true;
    }

    /// <summary>Returns the value of a field that is there once; null otherwise.</summary>
    public static string? Single(IReadOnlyList<KeyValuePair<string, string>> fields, string name)
    {
        string? found = null;
        foreach (var (key, value) in fields)
        {
            if (key != name)
            {
                continue;
            }

            if (found is not null)
            {
                return null;
            }

            found = value;
        }

        return found;
    }

    private static string? Decode(ReadOnlySpan<byte> text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            var length = 0;
            for (var at = 0; at < text.Length; at++)
            {
                if (text[at] != '%')
                {
                    buffer[length++] = text[at] == '+' ? (byte)' ' : text[at];
                }
                else if (at + 2 < text.Length
                    && Convert.FromHexString(text.Slice(at + 1, 2), buffer.AsSpan(length), out _, out _) == OperationStatus.Done)
                {
                    length++;
                    at += 2;
                }
                else
                {
                    return null;
                }
            }

            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

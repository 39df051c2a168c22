using System.Text;
using System.Text.Json;

namespace WebhookKit.Receiving;

/// <summary>A JSON pointer (RFC 6901) through object members, followed over raw bytes without building a document.</summary>
internal sealed class JsonPointer
{
    private readonly string _text;
    private readonly byte[][] _members;

    /// <exception cref="FormatException">The text is neither empty nor begins with a slash.</exception>
    public JsonPointer(string text)
    {
        if (text.Length > 0 && text[0] != '/')
        {
            throw new FormatException($"'{text}' is not a JSON pointer: it must be empty or begin with '/'.");
        }

        _text = text;
        _members = [.. text.Split('/').Skip(1).Select(Unescape).Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>Finds the value; the whole text is read, so that a second member of the same name cannot hide behind the first.</summary>
    public JsonPointerResult Find(ReadOnlySpan<byte> json, out Range value)
    {
        value = default;
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            var result = Find(ref reader, _members, ref value);
            while (result == JsonPointerResult.Found && reader.Read())
            {
            }

            return result;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return JsonPointerResult.Malformed;
        }
    }

    public override string ToString() => _text;

    private static JsonPointerResult Find(ref Utf8JsonReader reader, ReadOnlySpan<byte[]> members, ref Range value)
    {
        if (members.IsEmpty)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            value = start..(int)reader.BytesConsumed;
            return JsonPointerResult.Found;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return JsonPointerResult.Missing;
        }

        var result = JsonPointerResult.Missing;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var matches = reader.ValueTextEquals(members[0]);
            reader.Read();
            if (!matches)
            {
                reader.Skip();
            }
            else if (result == JsonPointerResult.Found)
            {
                return JsonPointerResult.Duplicate;
            }
            else if ((result = Find(ref reader, members[1..], ref value)) != JsonPointerResult.Found)
            {
                return result;
            }
        }

        return result;
    }

    private static string Unescape(string token) =>
        token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}

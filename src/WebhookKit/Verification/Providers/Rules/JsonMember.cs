namespace WebhookKit.Verification;

/// <summary>A string or number within a body, at a JSON pointer (RFC 6901) through object members.</summary>
internal sealed class JsonMember
{
    private readonly string[] _members;

    /// <exception cref="ArgumentException">The pointer does not begin with a slash.</exception>
    public JsonMember(string pointer)
    {
        if (pointer is not ['/', ..])
        {
            throw new ArgumentException($"'{pointer}' is not a JSON pointer to a member: it must begin with '/'.", nameof(pointer));
        }

        _members = [.. pointer.Split('/').Skip(1).Select(member =>
            member.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    public bool TryFindText(ReadOnlySpan<byte> body, out string text)
    {
        text = "";
        if (!StrictJson.TryParse(body, out var element))
        {
            return false;
        }

        foreach (var member in _members.AsSpan(0, _members.Length - 1))
        {
            if (element.ValueKind != System.Text.Json.JsonValueKind.Object || !element.TryGetProperty(member, out element))
            {
                return false;
            }
        }

        text = StrictJson.TextOf(element, _members[^1])!;
        return text is not null;
    }
}

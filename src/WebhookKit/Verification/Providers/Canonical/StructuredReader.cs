using System.Text;

namespace WebhookKit.Verification;

/// <summary>Reads the parts of structured fields (RFC 8941) that signatures are made of.</summary>
internal ref struct StructuredReader(string text)
{
    private int _at;

    public readonly int Position => _at;

    public readonly bool IsAtEnd => _at == text.Length;

    public readonly string TextFrom(int start) => text[start.._at];

    public readonly bool IsNext(char character) => _at < text.Length && text[_at] == character;

    public bool TryRead(char character)
    {
        if (!IsNext(character))
        {
            return false;
        }

        _at++;
        return true;
    }

    public int SkipSpaces()
    {
        var start = _at;
        while (IsNext(' '))
        {
            _at++;
        }

        return _at - start;
    }

    /// <summary>Reads what separates the members of a dictionary.</summary>
    public bool TryReadComma()
    {
        SkipSpaces();
        if (!TryRead(','))
        {
            return false;
        }

        SkipSpaces();
        return true;
    }

    public bool TryReadKey(out string key)
    {
        var start = _at;
        while (_at < text.Length
            && (char.IsAsciiLetterLower(text[_at]) || text[_at] == '*' || (_at > start && (char.IsAsciiDigit(text[_at]) || text[_at] is '_' or '-' or '.'))))
        {
            _at++;
        }

        key = text[start.._at];
        return key.Length > 0;
    }

    public bool TryReadString(out string value)
    {
        value = "";
        if (!IsNext('"'))
        {
            return false;
        }

        var read = new StringBuilder();
        for (var at = _at + 1; at < text.Length; at++)
        {
            var character = text[at];
            if (character == '"')
            {
                _at = at + 1;
                value = read.ToString();
                return true;
            }

            if (character == '\\')
            {
                at++;
                if (at == text.Length || text[at] is not ('"' or '\\'))
                {
                    return false;
                }
            }
            else if (character is < ' ' or > '~')
            {
                return false;
            }

            read.Append(text[at]);
        }

        return false;
    }

    /// <summary>Reads a number, token, boolean or byte sequence as its text.</summary>
    public bool TryReadBareItem(out string value)
    {
        var start = _at;
        while (_at < text.Length && text[_at] is > ' ' and <= '~' and not (';' or ',' or '(' or ')' or '"'))
        {
            _at++;
        }

        value = text[start.._at];
        return value.Length > 0;
    }
}

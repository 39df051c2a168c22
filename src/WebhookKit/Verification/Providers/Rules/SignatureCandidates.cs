using Microsoft.Extensions.Primitives;

namespace WebhookKit.Verification;

/// <summary>The signatures of a request, one after the other, as a rule finds them in its headers.</summary>
internal ref struct SignatureCandidates(SignatureRule rule, string[] names, WebhookHeaders headers)
{
    private StringValues _lines;
    private int _name;
    private int _line;
    private bool _isInLine;
    private bool _isFirst;
    private ReadOnlySpan<char> _rest;

    /// <summary>Moves on to the next signature; its text is without label and prefix.</summary>
    public bool MoveNext(out ReadOnlySpan<char> text)
    {
        while (TryReadItem(out var item))
        {
            var isTimestamp = _isFirst && rule.TimestampLabel is "";
            _isFirst = false;
            if (!isTimestamp && TryReadSignature(rule, item, out text))
            {
                return true;
            }
        }

        text = default;
        return false;
    }

    /// <summary>Finds the item that is the timestamp in a header of items, or returns why there is none.</summary>
    public static VerificationStatus? FindTimestamp(SignatureRule rule, ReadOnlySpan<char> header, out ReadOnlySpan<char> timestamp)
    {
        timestamp = default;
        var found = 0;
        foreach (var range in header.Split(rule.Separator.GetValueOrDefault(',')))
        {
            var item = header[range].Trim(' ');
            if (rule.TimestampLabel is "")
            {
                timestamp = item;
                return item.IsEmpty ? VerificationStatus.MissingTimestamp : null;
            }

            var equals = item.IndexOf('=');
            if (equals >= 0 && item[..equals].SequenceEqual(rule.TimestampLabel))
            {
                timestamp = item[(equals + 1)..];
                found++;
            }
        }

        return found switch
        {
            0 => VerificationStatus.MissingTimestamp,
            1 => null,
            _ => VerificationStatus.DuplicateTimestamp,
        };
    }

    private bool TryReadItem(out ReadOnlySpan<char> item)
    {
        while (!_isInLine)
        {
            if (_line < _lines.Count)
            {
                _rest = _lines[_line++];
                _isInLine = true;
                _isFirst = true;
            }
            else if (_name < names.Length)
            {
                _lines = headers[names[_name++]];
                _line = 0;
            }
            else
            {
                item = default;
                return false;
            }
        }

        var end = rule.Separator is { } separator ? _rest.IndexOf(separator) : -1;
        item = end < 0 ? _rest : _rest[..end];
        _isInLine = end >= 0;
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return true;
    }

    private static bool TryReadSignature(SignatureRule rule, ReadOnlySpan<char> item, out ReadOnlySpan<char> text)
    {
        text = rule.Separator is null ? item : item.Trim(' ');
        if (rule.Labels.Count > 0)
        {
            var equals = text.IndexOf('=');
            if (equals < 0 || !IsLabel(rule, text[..equals]))
            {
                return false;
            }

            text = text[(equals + 1)..];
        }

        if (!text.StartsWith(rule.Prefix, StringComparison.Ordinal))
        {
            return rule.PrefixIsOptional;
        }

        text = text[rule.Prefix.Length..];
        return true;
    }

    private static bool IsLabel(SignatureRule rule, ReadOnlySpan<char> label)
    {
        for (var i = 0; i < rule.Labels.Count; i++)
        {
            if (label.SequenceEqual(rule.Labels[i]))
            {
                return true;
            }
        }

        return false;
    }
}

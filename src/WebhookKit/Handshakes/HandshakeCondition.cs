using System.Text;

namespace WebhookKit.Handshakes;

/// <summary>One thing by which a question is told from an event.</summary>
public sealed class HandshakeCondition
{
    private readonly RequestField _field;
    private readonly Kind _kind;
    private readonly string? _value;

    // Bytes without which the body cannot be a question: most events need not be parsed to see that they are none.
    private readonly byte[] _mark;

    internal HandshakeCondition(RequestField field, Kind kind, string? value)
    {
        _field = field;
        _kind = kind;
        _value = value;
        _mark = field.JsonMember is { } member && kind != Kind.Absent ? Encoding.UTF8.GetBytes(value ?? member) : [];
    }

    internal enum Kind
    {
        None = 0,
        Equal,
        Present,
        Absent,
        EmptyList,
    }

    internal bool Holds(HandshakeContext context)
    {
        if (_mark.Length > 0 && context.Request.Body.Span.IndexOf(_mark) < 0)
        {
            return false;
        }

        if (_kind == Kind.EmptyList)
        {
            return _field.IsEmptyList(context);
        }

        var text = _field.Read(context);
        return _kind switch
        {
            Kind.Equal => string.Equals(text, _value, StringComparison.Ordinal),
            Kind.Present => text is not null,
            _ => text is null,
        };
    }
}

using System.Diagnostics.CodeAnalysis;
using WebhookKit.Identifiers;

namespace WebhookKit;

/// <summary>The id of a message: the <c>webhook-id</c> header, the same on every attempt.</summary>
/// <param name="Value">The UUID behind the text form.</param>
/// <remarks>Made by <see cref="IdGenerator"/>; receivers use it to recognise duplicates.</remarks>
public readonly record struct MessageId(Guid Value) : IComparable<MessageId>, IParsable<MessageId>
{
    private const string Prefix = "msg_";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not <c>msg_</c> and 26 base32 characters.</exception>
    public static MessageId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw TypeIdText.Invalid(Prefix, s);

    /// <summary>Reads the text form; any UUID version is accepted.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MessageId result)
    {
        var parsed = TypeIdText.TryParse(Prefix, s, out var value);
        result = new MessageId(value);
        return parsed;
    }

    /// <summary>Reads the text form; any UUID version is accepted.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, out MessageId result) => TryParse(s, null, out result);

    /// <summary>Orders ids by their bytes, which is by time for ids of version 7.</summary>
    public int CompareTo(MessageId other) => Value.CompareTo(other.Value);

    /// <summary>Writes the text form, <c>msg_</c> and 26 base32 characters.</summary>
    public override string ToString() => TypeIdText.Format(Prefix, Value);
}

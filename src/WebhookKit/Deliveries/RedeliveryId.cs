using System.Diagnostics.CodeAnalysis;
using WebhookKit.Identifiers;

namespace WebhookKit;

/// <summary>The id of a redelivery: what a person has asked to be sent again.</summary>
/// <param name="Value">The UUID behind the text form.</param>
/// <remarks>Made by <see cref="IdGenerator"/> when it is asked for.</remarks>
public readonly record struct RedeliveryId(Guid Value) : IComparable<RedeliveryId>, IParsable<RedeliveryId>
{
    private const string Prefix = "rdl_";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not <c>rdl_</c> and 26 base32 characters.</exception>
    public static RedeliveryId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw TypeIdText.Invalid(Prefix, s);

    /// <summary>Reads the text form; any UUID version is accepted.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RedeliveryId result)
    {
        var parsed = TypeIdText.TryParse(Prefix, s, out var value);
        result = new RedeliveryId(value);
        return parsed;
    }

    /// <summary>Reads the text form; any UUID version is accepted.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, out RedeliveryId result) => TryParse(s, null, out result);

    /// <summary>Orders ids by their bytes, which is by time for ids of version 7.</summary>
    public int CompareTo(RedeliveryId other) => Value.CompareTo(other.Value);

    /// <summary>Writes the text form, <c>rdl_</c> and 26 base32 characters.</summary>
    public override string ToString() => TypeIdText.Format(Prefix, Value);
}

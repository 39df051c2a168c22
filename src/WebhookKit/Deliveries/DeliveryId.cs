using System.Diagnostics.CodeAnalysis;
using WebhookKit.Identifiers;

namespace WebhookKit;

/// <summary>The id of a delivery: the duty to bring one message to one endpoint.</summary>
/// <param name="Value">The UUID behind the text form.</param>
/// <remarks>Made by <see cref="IdGenerator"/> when a message is fanned out.</remarks>
public readonly record struct DeliveryId(Guid Value) : IComparable<DeliveryId>, IParsable<DeliveryId>
{
    private const string Prefix = "dlv_";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not <c>dlv_</c> and 26 base32 characters.</exception>
    public static DeliveryId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw TypeIdText.Invalid(Prefix, s);

    /// <summary>Reads the text form; any UUID version is accepted.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DeliveryId result)
    {
        var parsed = TypeIdText.TryParse(Prefix, s, out var value);
        result = new DeliveryId(value);
        return parsed;
    }

    /// <summary>Reads the text form; any UUID version is accepted.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, out DeliveryId result) => TryParse(s, null, out result);

    /// <summary>Orders ids by their bytes, which is by time for ids of version 7.</summary>
    public int CompareTo(DeliveryId other) => Value.CompareTo(other.Value);

    /// <summary>Writes the text form, <c>dlv_</c> and 26 base32 characters.</summary>
    public override string ToString() => TypeIdText.Format(Prefix, Value);
}

using System.Diagnostics.CodeAnalysis;
using WebhookKit.Identifiers;

namespace WebhookKit;

/// <summary>The id of an attempt: one HTTP request made for a delivery.</summary>
/// <param name="Value">The UUID behind the text form.</param>
/// <remarks>Made by <see cref="IdGenerator"/> when the attempt begins.</remarks>
public readonly record struct AttemptId(Guid Value) : IComparable<AttemptId>, IParsable<AttemptId>
{
    private const string Prefix = "atmpt_";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not <c>atmpt_</c> and 26 base32 characters.</exception>
    public static AttemptId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw TypeIdText.Invalid(Prefix, s);

    /// <summary>Reads the text form; any UUID version is accepted.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AttemptId result)
    {
        var parsed = TypeIdText.TryParse(Prefix, s, out var value);
        result = new AttemptId(value);
        return parsed;
    }

    /// <summary>Reads the text form; any UUID version is accepted.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, out AttemptId result) => TryParse(s, null, out result);

    /// <summary>Orders ids by their bytes, which is by time for ids of version 7.</summary>
    public int CompareTo(AttemptId other) => Value.CompareTo(other.Value);

    /// <summary>Writes the text form, <c>atmpt_</c> and 26 base32 characters.</summary>
    public override string ToString() => TypeIdText.Format(Prefix, Value);
}

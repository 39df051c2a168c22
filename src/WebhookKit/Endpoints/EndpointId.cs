using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using WebhookKit.Identifiers;

namespace WebhookKit;

/// <summary>The id of an endpoint.</summary>
/// <param name="Value">The UUID behind the text form.</param>
/// <remarks>A declared endpoint has an id derived from its tenant and name (UUID version 8).</remarks>
public readonly record struct EndpointId(Guid Value) : IComparable<EndpointId>, IParsable<EndpointId>
{
    private const string Prefix = "ep_";

    /// <summary>Whether it is the id of a declared endpoint: one that is derived from a name.</summary>
    public bool IsDeclared => Value.Version == 8;

    /// <summary>Derives the id of a declared endpoint from its tenant and name, the same on every node.</summary>
    /// <param name="tenantId">The tenant, or <see langword="null"/> for an endpoint without one.</param>
    /// <param name="name">The declared name.</param>
    /// <remarks>UUID version 8 over SHA-256 (RFC 9562 section 5.8).</remarks>
    public static EndpointId Declared(string? tenantId, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        // A tenant that is absent and one that is empty must not meet; U+0000 cannot occur in either text.
        var text = tenantId is null ? $"endpoint\0{name}" : $"endpoint\0{tenantId}\0{name}";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new EndpointId(new Guid(hash[..16], bigEndian: true));
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not <c>ep_</c> and 26 base32 characters.</exception>
    public static EndpointId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw TypeIdText.Invalid(Prefix, s);

    /// <summary>Reads the text form; any UUID version is accepted.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EndpointId result)
    {
        var parsed = TypeIdText.TryParse(Prefix, s, out var value);
        result = new EndpointId(value);
        return parsed;
    }

    /// <summary>Reads the text form; any UUID version is accepted.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, out EndpointId result) => TryParse(s, null, out result);

    /// <summary>Orders ids by their bytes, which is by time for ids of version 7.</summary>
    public int CompareTo(EndpointId other) => Value.CompareTo(other.Value);

    /// <summary>Writes the text form, <c>ep_</c> and 26 base32 characters.</summary>
    public override string ToString() => TypeIdText.Format(Prefix, Value);
}

namespace WebhookKit.Identifiers;

/// <summary>Writes and reads the text form of typed ids: a prefix, then 26 characters of Crockford base32.</summary>
/// <remarks>
/// The form is TypeID's: 128 bits, most significant first, lower case, the first character at most <c>7</c>.
/// It sorts like the bytes it stands for and holds no <c>.</c>, which Standard Webhooks reserves as separator.
/// </remarks>
internal static class TypeIdText
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int SuffixLength = 26;

    public static string Format(string prefix, Guid value)
    {
        return string.Create(prefix.Length + SuffixLength, (prefix, value), static (text, state) =>
        {
            state.prefix.CopyTo(text);
            Span<byte> bytes = stackalloc byte[16];
            state.value.TryWriteBytes(bytes, bigEndian: true, out _);
            var rest = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
            for (var i = text.Length - 1; i >= state.prefix.Length; i--)
            {
                text[i] = Alphabet[(int)(rest & 31)];
                rest >>= 5;
            }
        });
    }

    public static bool TryParse(string prefix, ReadOnlySpan<char> text, out Guid value)
    {
        value = default;
        if (text.Length != prefix.Length + SuffixLength || !text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var suffix = text[prefix.Length..];
        if (suffix[0] > '7')
        {
            return false;
        }

        UInt128 bits = 0;
        foreach (var character in suffix)
        {
            var digit = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            bits = (bits << 5) | (uint)digit;
        }

        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        value = new Guid(bytes, bigEndian: true);
        return true;
    }

    public static FormatException Invalid(string prefix, string? text) =>
        new($"'{text}' is not an id of the form '{prefix}' followed by {SuffixLength} lower-case Crockford base32 characters.");
}

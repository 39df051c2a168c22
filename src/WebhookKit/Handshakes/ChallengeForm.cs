using System.Buffers;

namespace WebhookKit.Handshakes;

/// <summary>What a provider's challenge can look like; nothing else is echoed or hashed.</summary>
/// <remarks>What is echoed could be a page, and what is hashed with the secret could be an event: the form rules both out.</remarks>
public sealed class ChallengeForm
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly SearchValues<char> _characters;
    private readonly int _minLength;
    private readonly int _maxLength;

    /// <summary>Describes a form.</summary>
    /// <param name="characters">The characters it may have.</param>
    /// <param name="minLength">The fewest characters.</param>
    /// <param name="maxLength">The most characters.</param>
    public ChallengeForm(string characters, int minLength, int maxLength)
    {
        ArgumentException.ThrowIfNullOrEmpty(characters);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, minLength);
        _characters = SearchValues.Create(characters);
        _minLength = minLength;
        _maxLength = maxLength;
    }

    /// <summary>1 to 1,024 characters of printable ASCII, space included, without <c>&lt;</c> and <c>&gt;</c>: no markup.</summary>
    public static ChallengeForm Text { get; } = new(
        string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(c => c is not ('<' or '>'))), 1, 1024);

    /// <summary>1 to 256 characters of base64 and base64url: neither markup nor an object or list of JSON, though <c>12345</c> and <c>true</c> are JSON too.</summary>
    public static ChallengeForm Token { get; } = new(Letters + "+/=-_", 1, 256);

    /// <summary>20 to 32 lower-case hexadecimal digits.</summary>
    public static ChallengeForm Hex { get; } = new("0123456789abcdef", 20, 32);

    /// <summary>Says whether a text has this form; null has none.</summary>
    public bool Fits([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? text) =>
        text is not null
        && text.Length >= _minLength
        && text.Length <= _maxLength
        && !text.AsSpan().ContainsAnyExcept(_characters);
}

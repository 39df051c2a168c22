using System.Security.Cryptography;
using System.Text;
using WebhookKit.Verification;

namespace WebhookKit.Receiving;

/// <summary>Makes the keys that two copies of an event have in common, for the events of one request.</summary>
internal readonly struct ClaimKey(ClaimKeyStep[] steps, in WebhookRequest request, bool hasSignedUrl, VerificationResult verified)
{
    /// <summary>Longer keys are stored as their hash, in characters.</summary>
    public const int MaxLength = 128;

    private const int RequestDigits = 32;

    private readonly WebhookRequest _request = request;

    /// <summary>Makes the key of one event.</summary>
    /// <param name="payload">The event's own bytes.</param>
    /// <param name="place">Its place among those of the request; null when it is the only one there can be.</param>
    /// <exception cref="InvalidOperationException">The rule names no source, or one that is not known here.</exception>
    public string Of(ReadOnlySpan<byte> payload, int? place)
    {
        foreach (var step in steps)
        {
            if (Find(step, payload, place) is { } key)
            {
                return key;
            }
        }

        return WithPlace(HashContent(), place);
    }

    private string? Find(ClaimKeyStep step, ReadOnlySpan<byte> payload, int? place) => step.Source switch
    {
        ClaimKeySource.SignedId => verified.Id is { } id ? Bounded(WithPlace(id, place)) : null,
        ClaimKeySource.Members => FindMembers(step.Members, payload) is { } key ? Bounded(key) : null,
        ClaimKeySource.Headers => FindHeaders(step.HeaderNames) is { } key ? Bounded(WithPlace(key, place)) : null,
        ClaimKeySource.SignedContent => WithPlace(HashContent(), place),
        ClaimKeySource.SignedContentAndTimestamp => verified.Timestamp is { } signedAt
            ? WithPlace($"{HashContent()}@{signedAt.ToUnixTimeMilliseconds()}", place)
            : null,
        ClaimKeySource.Request => WithPlace("request:" + RandomNumberGenerator.GetHexString(RequestDigits, lowercase: true), place),
        _ => throw new InvalidOperationException($"Claim keys cannot come from '{step.Source}'."),
    };

    private static string WithPlace(string key, int? place) => place is null ? key : $"{key}/{place}";

    /// <summary>Gives a long key as its hash.</summary>
    public static string Bounded(string key) => key.Length <= MaxLength
        ? key
        : Name(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string Name(ReadOnlySpan<byte> hash) => "sha256:" + Convert.ToHexStringLower(hash);

    private string HashContent()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (!hasSignedUrl || _request.Url is null)
        {
            SHA256.HashData(_request.Body.Span, hash);
            return Name(hash);
        }

        using var content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        content.AppendData(Encoding.UTF8.GetBytes(_request.Url));
        content.AppendData(_request.Body.Span);
        content.GetHashAndReset(hash);
        return Name(hash);
    }

    private static string? FindMembers(JsonPointer[] members, ReadOnlySpan<byte> payload)
    {
        var text = JsonText.WithoutByteOrderMark(payload);
        string? key = null;
        foreach (var member in members)
        {
            if (member.Find(text, out var value) != JsonPointerResult.Found || JsonText.ReadName(text[value]) is not { } name)
            {
                return null;
            }

            key = key is null ? name : $"{key}:{name}";
        }

        return key;
    }

    private string? FindHeaders(IReadOnlyList<string> names)
    {
        var values = new string[names.Count];
        for (var index = 0; index < values.Length; index++)
        {
            if (_request.Headers[names[index]] is not [{ Length: > 0 } value] || JsonText.HasControlCharacters(value))
            {
                return null;
            }

            values[index] = value;
        }

        return string.Join(':', values);
    }
}

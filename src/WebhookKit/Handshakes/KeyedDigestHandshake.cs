using System.Security.Cryptography;
using System.Text;
using WebhookKit.Verification;

namespace WebhookKit.Handshakes;

/// <summary>Answers the HMAC of the challenge under the secret that verified the question, or the source's first for one that is not signed.</summary>
/// <remarks>
/// Whoever may ask can have texts of the challenge's form signed: the form must never fit an event, and where the provider
/// signs its question, it must be asked after verification.
/// </remarks>
public sealed class KeyedDigestHandshake : Handshake
{
    /// <summary>Where the challenge is.</summary>
    public required RequestField Challenge { get; init; }

    /// <summary>What a challenge looks like.</summary>
    /// <value><see cref="ChallengeForm.Token"/> unless said otherwise.</value>
    public ChallengeForm Form { get; init; } = ChallengeForm.Token;

    /// <summary>The hash of the HMAC.</summary>
    /// <value>SHA-256 unless said otherwise.</value>
    public HashAlgorithmName Algorithm { get; init; } = HashAlgorithmName.SHA256;

    /// <summary>Makes the key from the secret.</summary>
    /// <value>Its text as UTF-8 unless said otherwise.</value>
    public Func<string, byte[]> Key { get; init; } = Encoding.UTF8.GetBytes;

    /// <summary>Writes the digest, with whatever stands before it.</summary>
    /// <value>Lower-case hexadecimal digits unless said otherwise.</value>
    public Func<byte[], string> Encode { get; init; } = Convert.ToHexStringLower;

    /// <summary>The member of a JSON answer that holds the digest; null answers text.</summary>
    public string? DigestMember { get; init; }

    /// <summary>The member of a JSON answer that repeats the challenge; null leaves it out.</summary>
    public string? ChallengeMember { get; init; }

    /// <summary>The setting whose value and <c>|</c> stand before the digest, such as the id of a public key; null for neither.</summary>
    public ProviderSetting? Prefix { get; init; }

    /// <inheritdoc/>
    protected override ValueTask<HandshakeResult> RespondAsync(HandshakeContext context, CancellationToken cancellationToken) =>
        new(Respond(context));

    private HandshakeResult Respond(HandshakeContext context)
    {
        var challenge = Challenge.Read(context);
        if (!Form.Fits(challenge))
        {
            return HandshakeResult.Refused(HandshakeStatus.MalformedChallenge);
        }

        var prefix = Prefix is null ? null : context.Settings.GetValueOrDefault(Prefix.Name, "");
        if (context.AnsweringSecret is not { Length: > 0 } secret || prefix is { Length: 0 })
        {
            return HandshakeResult.Refused(HandshakeStatus.NotConfigured);
        }

        var digest = Encode(CryptographicOperations.HmacData(Algorithm, Key(secret), Encoding.UTF8.GetBytes(challenge)));
        var answer = prefix is null ? digest : $"{prefix}|{digest}";
        if (DigestMember is null)
        {
            return HandshakeResult.Answered(HandshakeResponse.Text(answer));
        }

        return HandshakeResult.Answered(HandshakeResponse.Json(ChallengeMember is null
            ? JsonAnswer.Write((DigestMember, answer))
            : JsonAnswer.Write((ChallengeMember, challenge), (DigestMember, answer))));
    }
}

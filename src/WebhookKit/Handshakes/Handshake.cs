using System.Security.Cryptography;
using System.Text;

namespace WebhookKit.Handshakes;

/// <summary>One question a provider asks to learn who owns a URL: how it is told from an event, who may ask it, and its answer.</summary>
public abstract class Handshake
{
    /// <summary>Whether the provider signs the question.</summary>
    /// <value><see cref="HandshakeStage.AfterVerification"/> unless said otherwise.</value>
    public HandshakeStage Stage { get; init; } = HandshakeStage.AfterVerification;

    /// <summary>The HTTP method of the question.</summary>
    /// <value><c>POST</c> unless said otherwise.</value>
    public string Method { get; init; } = "POST";

    /// <summary>What a question has and an event has not; all must hold.</summary>
    public IReadOnlyList<HandshakeCondition> Conditions { get; init; } = [];

    /// <summary>Where the question names a token that has to be <see cref="HandshakeSettings.VerifyToken"/>.</summary>
    public RequestField? VerifyToken { get; init; }

    /// <summary>Where the question names what has to be one of <see cref="HandshakeSettings.Topics"/>.</summary>
    public RequestField? Topic { get; init; }

    /// <summary>Whether a source that names no topics refuses the question.</summary>
    public bool IsTopicRequired { get; init; }

    /// <summary>The pending registration that the question completes; without one it is refused.</summary>
    public HandshakeRegistration? Registration { get; init; }

    /// <summary>Answers a request if it is this question.</summary>
    /// <param name="context">The request and its source; verified already where <see cref="Stage"/> says so.</param>
    /// <param name="cancellationToken">Gives up waiting for the store or for the provider.</param>
    public async ValueTask<HandshakeResult> AnswerAsync(HandshakeContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!IsAsked(context))
        {
            return HandshakeResult.NotAsked;
        }

        if (VerifyToken is not null && !IsVerifyToken(VerifyToken.Read(context), context.GetValues(HandshakeSettings.VerifyToken)))
        {
            return HandshakeResult.Refused(HandshakeStatus.VerifyTokenMismatch);
        }

        if (Topic is not null && !IsTopicAllowed(Topic.Read(context), context.GetValues(HandshakeSettings.Topics)))
        {
            return HandshakeResult.Refused(HandshakeStatus.TopicNotAllowed);
        }

        // The answer first: what cannot be answered must not complete a registration.
        var result = await RespondAsync(context, cancellationToken).ConfigureAwait(false);
        if (Registration is null || result.Status != HandshakeStatus.Answered)
        {
            return result;
        }

        var refusal = await Registration.CompleteAsync(context, cancellationToken).ConfigureAwait(false);
        return refusal == HandshakeStatus.Answered ? result : HandshakeResult.Refused(refusal);
    }

    /// <summary>Answers what is known to be this question.</summary>
    protected abstract ValueTask<HandshakeResult> RespondAsync(HandshakeContext context, CancellationToken cancellationToken);

    private bool IsAsked(HandshakeContext context)
    {
        if (!string.Equals(context.Request.Method, Method, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var condition in Conditions)
        {
            if (!condition.Holds(context))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsVerifyToken(string? token, string[] tokens)
    {
        if (string.IsNullOrEmpty(token))
        {
            return false;
        }

        // Hashes of one length: neither where texts differ nor how long they are shows in the time.
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> known = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token), given);
        var matches = false;
        foreach (var candidate in tokens)
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(candidate), known);
            matches |= candidate.Length > 0 && CryptographicOperations.FixedTimeEquals(given, known);
        }

        return matches;
    }

    private bool IsTopicAllowed(string? topic, string[] topics) =>
        topics.Length == 0 ? !IsTopicRequired : topic is not null && topics.Contains(topic, StringComparer.Ordinal);
}

using WebhookKit.Verification;

namespace WebhookKit.Handshakes;

/// <summary>Answers the questions of a provider, one stage at a time.</summary>
public static class HandshakeResponder
{
    /// <summary>Answers a request if it is one of the provider's questions of this stage.</summary>
    /// <param name="provider">The entry of the catalogue.</param>
    /// <param name="stage">
    /// <see cref="HandshakeStage.BeforeVerification"/>, and once a verifier has accepted the request
    /// <see cref="HandshakeStage.AfterVerification"/>.
    /// </param>
    /// <param name="context">The request and its source.</param>
    /// <param name="cancellationToken">Gives up waiting for the store or for the provider.</param>
    public static async ValueTask<HandshakeResult> AnswerAsync(
        WebhookProvider provider, HandshakeStage stage, HandshakeContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(context);
        foreach (var handshake in provider.Handshakes)
        {
            if (handshake.Stage == stage)
            {
                var result = await handshake.AnswerAsync(context, cancellationToken).ConfigureAwait(false);
                if (result.Status != HandshakeStatus.NotAsked)
                {
                    return result;
                }
            }
        }

        return HandshakeResult.NotAsked;
    }
}

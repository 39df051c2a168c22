using WebhookKit.Cli.Verification;
using WebhookKit.Handshakes;
using WebhookKit.Verification;

namespace WebhookKit.Cli.Listening;

/// <summary>Takes a request through handshakes and verification as a receiver does.</summary>
internal sealed class RequestExaminer(
    WebhookProvider provider, IReadOnlyList<string> secrets, IReadOnlyDictionary<string, string> settings, TimeProvider timeProvider)
{
    public async Task<Verdict> ExamineAsync(WebhookRequest request, CancellationToken cancellationToken)
    {
        if (await TryAnswerAsync(request, HandshakeStage.BeforeVerification, cancellationToken).ConfigureAwait(false) is { } answered)
        {
            return answered;
        }

        if (secrets.Count == 0 && provider.RequiresSecret)
        {
            return new Verdict(false, "no secret was given");
        }

        var context = new VerifierContext
        {
            Secrets = secrets,
            Tolerance = provider.DefaultTolerance,
            TimeProvider = timeProvider,
            Settings = settings,
        };
        var finding = await Diagnosis.FindAsync(provider, context, request, cancellationToken).ConfigureAwait(false);
        if (!finding.IsVerified)
        {
            return new Verdict(false, finding.ToString());
        }

        return await TryAnswerAsync(request, HandshakeStage.AfterVerification, cancellationToken).ConfigureAwait(false)
            ?? new Verdict(true, finding.ToString());
    }

    // Without a client and a store nobody is called and nothing is learned from here.
    private async Task<Verdict?> TryAnswerAsync(WebhookRequest request, HandshakeStage stage, CancellationToken cancellationToken)
    {
        var context = new HandshakeContext { Request = request, Source = provider.Name, Secrets = secrets, Settings = settings };
        var result = await HandshakeResponder.AnswerAsync(provider, stage, context, cancellationToken).ConfigureAwait(false);
        return result.Status == HandshakeStatus.NotAsked
            ? null
            : new Verdict(result.Status == HandshakeStatus.Answered, $"handshake: {result.Status}", result.Response);
    }
}

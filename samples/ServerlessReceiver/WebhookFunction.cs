using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Handshakes;
using WebhookKit.Idempotency;
using WebhookKit.Verification;

namespace ServerlessReceiver;

/// <summary>Receives a webhook without a web framework: question, signature, question, claim, in this order.</summary>
public sealed class WebhookFunction(WebhookProvider provider, string source, string secret, IHandlerTransaction transaction) : IDisposable
{
    private readonly IWebhookVerifier _verifier = provider.CreateVerifier(new VerifierContext
    {
        Secrets = [secret],
        Tolerance = provider.DefaultTolerance,
        TimeProvider = TimeProvider.System,
    });

    #region function
    public async Task<FunctionResponse> HandleAsync(FunctionRequest function, CancellationToken cancellationToken = default)
    {
        var request = function.ToWebhookRequest();
        var question = new HandshakeContext { Request = request, Source = source, Secrets = [secret] };
        var answer = await HandshakeResponder.AnswerAsync(provider, HandshakeStage.BeforeVerification, question, cancellationToken);
        if (answer.Response is { } early)
        {
            return FunctionResponse.From(early);
        }

        var verified = await _verifier.VerifyAsync(request, cancellationToken);
        if (!verified.IsVerified)
        {
            return new FunctionResponse(provider.RefusedStatus);
        }

        answer = await HandshakeResponder.AnswerAsync(provider, HandshakeStage.AfterVerification, question, cancellationToken);
        if (answer.Response is { } response)
        {
            return FunctionResponse.From(response);
        }

        // The id where the signature covers one, and else what was signed.
        var key = verified.Id ?? Convert.ToHexStringLower(SHA256.HashData(request.Body.Span));
        var result = await transaction.ExecuteAsync(
            new WebhookClaim(source, TenantId: null, key, provider.ClaimMemory),
            (services, _) =>
            {
                // Commits with the claim, or not at all.
                services.GetRequiredService<FunctionDb>().Received.Add(new Received { Source = source, Payload = request.Body.ToArray() });
                return Task.CompletedTask;
            },
            cancellationToken);
        return new FunctionResponse(result is HandlingResult.Handled or HandlingResult.Duplicate ? provider.AcceptedStatus : 503);
    }
    #endregion

    public void Dispose() => (_verifier as IDisposable)?.Dispose();
}

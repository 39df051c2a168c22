using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebhookKit.Receiving;
using WebhookKit.Sources;
using WebhookKit.Verification;

namespace WebhookKit.Handshakes;

/// <summary>Answers a provider's questions itself; no handler is involved.</summary>
internal sealed class HandshakeStep(HandshakeClient client, ILogger<HandshakeStep> logger, ISourceSecretStore? secretStore = null)
{
    /// <summary>Answers if the request is a question of this stage, and says so; else null.</summary>
    /// <param name="http">What the answer is written to.</param>
    /// <param name="source">The source that is asked.</param>
    /// <param name="request">What may be a question.</param>
    /// <param name="stage">Whether it is verified.</param>
    /// <param name="keyIndex">The key that verified it; -1 when none did.</param>
    public async ValueTask<ReceiveOutcome?> TryAnswerAsync(
        HttpContext http, Source source, WebhookRequest request, HandshakeStage stage, int keyIndex = -1)
    {
        if (!source.HasHandshakes(stage))
        {
            return null;
        }

        var context = new HandshakeContext
        {
            Request = request,
            Source = source.Name,
            TenantId = source.TenantId,
            Secrets = source.Secrets,
            KeyIndex = keyIndex,
            Settings = source.Settings,
            SecretStore = secretStore,
            Client = client.Invoker,
        };
        var result = await HandshakeResponder.AnswerAsync(source.Provider, stage, context, http.RequestAborted);
        if (result.Response is not { } response)
        {
            return null;
        }

        Log(source.Name, result.Status, response.StatusCode);
        await WriteAsync(http, response);
        return result.Status == HandshakeStatus.Answered ? ReceiveOutcome.HandshakeAnswered : ReceiveOutcome.HandshakeRefused;
    }

    private static Task WriteAsync(HttpContext http, HandshakeResponse response)
    {
        http.Response.StatusCode = response.StatusCode;
        foreach (var (name, value) in response.Headers)
        {
            http.Response.Headers[name] = value;
        }

        if (response.ContentType is null)
        {
            return Task.CompletedTask;
        }

        http.Response.ContentType = response.ContentType;
        http.Response.ContentLength = response.Body.Length;
        return http.Response.Body.WriteAsync(response.Body, http.RequestAborted).AsTask();
    }

    private void Log(string source, HandshakeStatus status, int statusCode)
    {
        if (status == HandshakeStatus.Answered)
        {
            logger.HandshakeAnswered(source);
        }
        else
        {
            logger.HandshakeRefused(source, status, statusCode);
        }
    }
}

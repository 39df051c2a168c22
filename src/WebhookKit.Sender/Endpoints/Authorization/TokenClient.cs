using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Sending;

namespace WebhookKit.Endpoints.Authorization;

/// <summary>Asks token endpoints for access tokens, under the same guard as endpoints are sent to. Thread-safe.</summary>
internal sealed class TokenClient(
    GuardedTransport transport, IOptions<SenderOptions> options, TimeProvider timeProvider, ILogger<TokenClient> logger) : IDisposable
{
    private const int MaxResponseBytes = 64 * 1024;

    private readonly AttemptDeadlines _deadlines = new(timeProvider);
    private readonly HttpMessageInvoker _invoker = new(transport.Handler, disposeHandler: false);

    /// <summary>Asks for a token; whatever happens is its result. Ends by itself within the attempt timeout of the options.</summary>
    public async Task<AccessToken> RequestAsync(ClientCredentialsAuthorization client)
    {
        // What was stored may come from a deployment with another policy.
        var url = transport.FindTarget(client.TokenUrl);
        if (url.Url is not { } target)
        {
            return AccessToken.Failed($"The token endpoint cannot be asked. {url.Error}");
        }

        var timeout = options.Value.AttemptTimeout;
        using var deadline = _deadlines.Start(timeout, CancellationToken.None);
        try
        {
            using var request = TokenRequest.Create(target, client);
            using var response = await _invoker.SendAsync(request, deadline.Token).ConfigureAwait(false);
            var body = await KeptResponse.ReadAsync(response.Content, MaxResponseBytes, deadline.Token).ConfigureAwait(false);
            return TokenResponse.Read((int)response.StatusCode, body);
        }
        catch (Exception) when (deadline.Token.IsCancellationRequested)
        {
            return AccessToken.Failed(DescribeDeadline(timeout));
        }
        catch (Exception exception)
        {
            var (outcome, error) = OutcomeClassifier.FromException(exception);
            if (outcome != AttemptOutcome.SenderError)
            {
                return AccessToken.Failed($"No access token could be had. {error}");
            }

            logger.TokenRequestFaulted(exception);
            return AccessToken.Failed($"No access token could be had. {error}", outcome);
        }
    }

    /// <summary>Says that the token endpoint did not answer in time.</summary>
    public static string DescribeDeadline(TimeSpan deadline) =>
        string.Create(CultureInfo.InvariantCulture, $"The token endpoint did not answer within {deadline.TotalSeconds:0.###} s.");

    public void Dispose() => _invoker.Dispose();
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookKit.Deliveries;
using WebhookKit.Endpoints;
using WebhookKit.Endpoints.Authorization;
using WebhookKit.Endpoints.Registry;
using WebhookKit.Identifiers;
using WebhookKit.Signing;

namespace WebhookKit.Sending;

/// <summary>Makes one attempt: signs for this attempt, posts the stored bytes, reads at most what is kept.</summary>
internal sealed class AttemptSender : IDisposable
{
    private readonly EndpointSigners _signers;
    private readonly StoredCredentials _stored;
    private readonly EndpointPolicies _policies;
    private readonly ClientCertificates _certificates;
    private readonly IdGenerator _ids;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<AttemptSender> _logger;
    private readonly SenderOptions _options;
    private readonly GuardedTransport _transport;
    private readonly AttemptDeadlines _deadlines;
    private readonly HttpMessageInvoker _invoker;

    public AttemptSender(
        EndpointSigners signers,
        StoredCredentials stored,
        EndpointPolicies policies,
        ClientCertificates certificates,
        IdGenerator ids,
        TimeProvider timeProvider,
        ILogger<AttemptSender> logger,
        IOptions<SenderOptions> options,
        GuardedTransport transport,
        IEnumerable<HttpHandlerRegistration> handlers,
        IServiceProvider services)
    {
        _signers = signers;
        _stored = stored;
        _policies = policies;
        _certificates = certificates;
        _ids = ids;
        _timeProvider = timeProvider;
        _logger = logger;
        _options = options.Value;
        _transport = transport;
        _deadlines = new AttemptDeadlines(timeProvider);

        HttpMessageHandler handler = transport.Handler;
        foreach (var registration in handlers.Reverse())
        {
            var outer = registration.Create(services);
            outer.InnerHandler = handler;
            handler = outer;
        }

        _invoker = new HttpMessageInvoker(handler);
    }

    /// <summary>Makes the attempt; whatever happens becomes its outcome.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="message">What.</param>
    /// <param name="stopping">Gives the attempt up because the sender stops.</param>
    /// <remarks>One method: whatever it waits for, what it remembers meanwhile is one object for each attempt.</remarks>
    public async ValueTask<AttemptResult> SendAsync(WebhookEndpoint endpoint, WebhookMessage message, CancellationToken stopping)
    {
        var start = Begin();

        // The URL may come from a deployment with another policy.
        var url = _transport.FindTarget(endpoint.Url);
        if (url.Url is not { } target)
        {
            return End(start, new Exchange(AttemptOutcome.UrlForbidden, url.Error));
        }

        // One deadline over everything that follows.
        var timeout = _policies.AttemptTimeoutOf(endpoint);
        using var deadline = _deadlines.Start(timeout, stopping);
        int? status = null;
        AccessToken? token = null;
        var isAuthorizing = false;
        try
        {
            // 1. Secrets, headers, authorization and certificate as they are now.
            var credentials = endpoint.Id.IsDeclared
                ? _signers.GetCredentials(endpoint.Id)
                : await _stored.GetAsync(endpoint, deadline.Token).ConfigureAwait(false);
            if (credentials.Signer is not { } signer)
            {
                return End(start, new Exchange(AttemptOutcome.SigningFailed, credentials.Error));
            }

            var way = await FindWayAsync(endpoint, deadline.Token).ConfigureAwait(false);
            if (way.Error is not null)
            {
                return End(start, new Exchange(AttemptOutcome.ClientCertificateMissing, way.Error));
            }

            for (var isRenewed = false; ; isRenewed = true)
            {
                if (credentials.Tokens is { } tokens)
                {
                    isAuthorizing = true;
                    token = await tokens.GetAsync(refused: token, deadline.Token).ConfigureAwait(false);
                    isAuthorizing = false;
                    if (token.Header is null)
                    {
                        return End(start, new Exchange(token.Failure, token.Error));
                    }
                }

                // 2. Sign with this attempt's own timestamp.
                using var request = AttemptRequest.Create(target, way.Certified, message, _options.SendTraceContext);
                AddHeaders(request, credentials, token);
                if (await SignAsync(request, signer, endpoint, message, start.At, deadline.Token).ConfigureAwait(false) is { } error)
                {
                    return End(start, new Exchange(AttemptOutcome.SigningFailed, error));
                }

                // 3. Send, and read what is kept; disposing aborts the rest.
                using var response = await _invoker.SendAsync(request, deadline.Token).ConfigureAwait(false);
                if ((int)response.StatusCode == 401 && token is not null && !isRenewed)
                {
                    // The token may have been revoked before its time.
                    continue;
                }

                status = (int)response.StatusCode;
                var kept = await KeptResponse.ReadAsync(response.Content, _options.MaxKeptResponseBytes, deadline.Token).ConfigureAwait(false);
                return End(start, OutcomeClassifier.FromResponse(response, kept, _timeProvider.GetUtcNow()));
            }
        }
        catch (Exception exception)
        {
            var (outcome, error) = stopping.IsCancellationRequested
                ? (AttemptOutcome.SenderError, "The sender stopped before the exchange was done.")
                : !deadline.Token.IsCancellationRequested ? OutcomeClassifier.FromException(exception)
                : (AttemptOutcome.DeadlineExceeded, isAuthorizing
                    ? TokenClient.DescribeDeadline(timeout)
                    : OutcomeClassifier.DescribeDeadline(status is not null, timeout));
            if (outcome == AttemptOutcome.SenderError && !stopping.IsCancellationRequested)
            {
                _logger.AttemptFaulted(exception, message.Id, endpoint.Id);
            }

            return End(start, new Exchange(outcome, error, status));
        }
    }

    /// <summary>Makes the attempt of a message that cannot be sent; nothing is.</summary>
    public AttemptResult Fail(AttemptOutcome outcome, string error) =>
        End(Begin(), new Exchange(outcome, error));

    public void Dispose() => _invoker.Dispose();

    private AttemptStart Begin() => new(_ids.NewAttemptId(), _timeProvider.GetUtcNow(), _timeProvider.GetTimestamp());

    private AttemptResult End(AttemptStart start, Exchange exchange) => new(
        new Attempt
        {
            Id = start.Id,
            StartedAt = start.At,
            Duration = _timeProvider.GetElapsedTime(start.Timestamp),
            Outcome = exchange.Outcome,
            StatusCode = exchange.StatusCode,
            Response = exchange.Response,
            Error = exchange.Error,
        },
        exchange.RetryAfter);

    /// <summary>Finds the connections on which the endpoint is shown its client certificate; none where it has none.</summary>
    private async ValueTask<(HttpMessageInvoker? Certified, string? Error)> FindWayAsync(
        WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        if (!_policies.TryFindCertificateName(endpoint, out var name) && _certificates.IsAnyKnown)
        {
            return (null, "The policy of the endpoint's tenant could not be asked whether a client certificate is to be shown.");
        }

        if (name is null)
        {
            return default;
        }

        var found = await _certificates.FindAsync(new(name, endpoint.TenantId, endpoint.Id), cancellationToken).ConfigureAwait(false);
        return found.Certificate is { } certificate ? (_transport.FindWay(endpoint.Id, certificate), null) : (null, found.Error);
    }

    private static void AddHeaders(HttpRequestMessage request, EndpointCredentials credentials, AccessToken? token)
    {
        foreach (var (name, value) in credentials.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation(AuthorizationHeaders.Authorization, token.Header);
        }
    }

    private async ValueTask<string?> SignAsync(
        HttpRequestMessage request,
        IWebhookSigner signer,
        WebhookEndpoint endpoint,
        WebhookMessage message,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        try
        {
            var signing = new SigningRequest(message.Id.ToString(), now, message.Payload);
            foreach (var (name, value) in await signer.SignAsync(signing, cancellationToken).ConfigureAwait(false))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _logger.SigningFailed(exception, message.Id, endpoint.Id);
            return exception is SigningException ? exception.Message : "The message could not be signed.";
        }
    }

    private readonly record struct AttemptStart(AttemptId Id, DateTimeOffset At, long Timestamp);
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookKit.Handshakes;
using WebhookKit.Idempotency;
using WebhookKit.Inbox;
using WebhookKit.Sources;
using WebhookKit.Verification;

namespace WebhookKit.Receiving;

/// <summary>Takes a request through the steps from source to answer.</summary>
internal sealed class WebhookReceiver(
    SourceRegistry sources,
    HandshakeStep handshakes,
    InlineHandOver inline,
    InboxHandOver inbox,
    MismatchHints hints,
    BodyPool pool,
    ReceiverMetrics metrics,
    IServiceProvider services,
    ILogger<WebhookReceiver> logger)
{
    public async Task ReceiveAsync(HttpContext http, string sourceName, string? tenantId)
    {
        // 1. Source, and the tenant's part in it.
        if (sources.Acquire(sourceName, tenantId) is not { } source)
        {
            Log.UnknownSource(logger, SourceName.IsValid(sourceName) ? sourceName : "(not a source name)");
            metrics.RequestAnswered("", ReceiveOutcome.UnknownSource);
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            var outcome = await ReceiveAsync(http, source);
            metrics.RequestAnswered(source.Name, outcome);
            await ReceiveResponse.WriteAsync(http.Response, outcome, source.Provider);
        }
        finally
        {
            source.Release();
        }
    }

    private async ValueTask<ReceiveOutcome> ReceiveAsync(HttpContext http, Source source)
    {
        // 2. Sender's address and method.
        if (!source.AllowsAddress(http.Connection.RemoteIpAddress))
        {
            Log.AddressNotAllowed(logger, source.Name, http.Connection.RemoteIpAddress);
            return ReceiveOutcome.AddressNotAllowed;
        }

        if (!source.AllowsMethod(http.Request.Method))
        {
            return RefuseMethod(http, source);
        }

        // 3. Content type and limits.
        if (!source.AllowsContentType(http.Request))
        {
            Log.UnsupportedContentType(logger, source.Name);
            return ReceiveOutcome.UnsupportedContentType;
        }

        // Not decoded here, and what is signed are the bytes on the wire; only middleware in front may have decoded them.
        if (http.Request.Headers.ContentEncoding is { Count: > 0 } encodings && encodings != "identity")
        {
            Log.UnsupportedContentEncoding(logger, source.Name);
            return ReceiveOutcome.UnsupportedContentEncoding;
        }

        // 4. Raw bytes, in a pooled buffer that is given back when the handlers have returned.
        RequestBody? received;
        try
        {
            received = await RequestBody.ReadAsync(http.Request, source.MaxBodyBytes, pool.Buffers, http.RequestAborted);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            received = null;
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            Log.BodyTooSlow(logger, source.Name);
            return ReceiveOutcome.BodyTooSlow;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            Log.BodyIncomplete(logger, source.Name);
            return ReceiveOutcome.BodyIncomplete;
        }

        if (received is null)
        {
            Log.BodyTooLarge(logger, source.Name, source.MaxBodyBytes);
            return ReceiveOutcome.BodyTooLarge;
        }

        using var body = received;

        var url = source.NeedsUrl(http.Request) ? CalledUrl.Of(http.Request, source.PublicUrl) : null;
        var request = new WebhookRequest(http.Request.Method, url, WebhookHeaders.Wrap(http.Request.Headers), body.Bytes);

        // 5. Questions that their provider does not sign.
        if (await handshakes.TryAnswerAsync(http, source, request, HandshakeStage.BeforeVerification) is { } answered)
        {
            return answered;
        }

        // 6. Signature and freshness, over the bytes as they came.
        var verified = await source.Verifier.VerifyAsync(request, http.RequestAborted);
        if (!verified.IsVerified)
        {
            var hint = await hints.FindAsync(source.Verifier, request, verified.Status, http.RequestAborted);
            Log.NotVerified(logger, source.Name, verified.Status, body.Bytes.Length, hint);

            // A key that cannot be had now may be had when the provider tries again.
            return verified.Status == VerificationStatus.KeyUnavailable ? ReceiveOutcome.Busy : ReceiveOutcome.NotVerified;
        }

        // 7. Questions that are signed, and nothing else by the methods of handshakes.
        if (await handshakes.TryAnswerAsync(http, source, request, HandshakeStage.AfterVerification, verified.KeyIndex) is { } answeredVerified)
        {
            return answeredVerified;
        }

        if (!source.AllowsEventMethod(http.Request.Method))
        {
            return RefuseMethod(http, source);
        }

        // 8. Events, one or more, each with its claim key.
        if (source.Events.Read(request, verified, out var reason) is not { } events)
        {
            Log.Unreadable(logger, source.Name, reason);
            return ReceiveOutcome.Unreadable;
        }

        // 9. Claim and hand over.
        return await HandOverAsync(source, events, new ReceivedRequest(verified.Timestamp, source.TenantId));
    }

    private ReceiveOutcome RefuseMethod(HttpContext http, Source source)
    {
        Log.MethodNotAllowed(logger, source.Name);
        http.Response.Headers.Allow = source.AllowedMethods;
        return ReceiveOutcome.MethodNotAllowed;
    }

    // The stores are the application's: to ask the request for them would make a scope that nobody uses.
    private async ValueTask<ReceiveOutcome> HandOverAsync(Source source, RequestEvent[] events, ReceivedRequest request)
    {
        var outcome = ReceiveOutcome.NoEvents;
        var kept = source.HasInbox ? new List<RequestEvent>(events.Length) : null;
        foreach (var next in events)
        {
            var one = ReceiveOutcome.Unwanted;
            if (source.FindHandlers(next.EventType) is not { } handlers)
            {
                Log.Unwanted(logger, source.Name, next.ClaimKey, next.EventType);
            }
            else if (kept is not null)
            {
                kept.Add(next);
                continue;
            }
            else
            {
                one = await inline.HandOverAsync(
                    services.GetRequiredService<IHandlerTransaction>(), source, handlers, next.ToWebhook(source.Name, request));
            }

            metrics.EventReceived(source.Name, one);
            outcome = one > outcome ? one : outcome;
            if (one.ConcernsEveryEvent())
            {
                return outcome;
            }
        }

        if (kept is { Count: > 0 })
        {
            var one = await inbox.HandOverAsync(services.GetRequiredService<IInboxStore>(), source, kept, request);
            outcome = one > outcome ? one : outcome;
        }

        return outcome;
    }
}

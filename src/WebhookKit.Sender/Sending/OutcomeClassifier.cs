using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using WebhookKit.Deliveries;
using WebhookKit.NetworkSafety;
using WebhookKit.Retry;

namespace WebhookKit.Sending;

/// <summary>Says what an answer or an exception means. Pure.</summary>
internal static class OutcomeClassifier
{
    private const int MaxErrorLength = 256;

    public static AttemptOutcome FromStatus(int status) => status switch
    {
        >= 200 and < 300 => AttemptOutcome.Succeeded,
        >= 300 and < 400 => AttemptOutcome.Redirected,
        410 => AttemptOutcome.Gone,
        429 or 502 or 503 or 504 => AttemptOutcome.Throttled,
        >= 400 and < 500 => AttemptOutcome.Refused,
        _ => AttemptOutcome.ReceiverError,
    };

    /// <summary>Classifies an answer whose kept part has been read.</summary>
    public static Exchange FromResponse(HttpResponseMessage response, ReadOnlyMemory<byte> kept, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var outcome = FromStatus(status);
        return outcome switch
        {
            AttemptOutcome.Throttled => new Exchange(outcome, null, status, kept, ReadRetryAfter(response, now)),
            AttemptOutcome.Redirected => new Exchange(
                outcome, "The endpoint answered with a redirect, which is not followed: change its URL.", status, kept),
            _ => new Exchange(outcome, null, status, kept),
        };
    }

    /// <summary>Classifies what an exchange threw while neither its deadline nor the sender's stop had come.</summary>
    /// <remarks>
    /// Closed, filtered and unreachable ports read the same, so that the text is no port scanner's oracle.
    /// </remarks>
    public static (AttemptOutcome Outcome, string Error) FromException(Exception exception)
    {
        if (Find<ForbiddenAddressException>(exception) is { } forbidden)
        {
            return (AttemptOutcome.AddressForbidden, forbidden.Message);
        }

        if (Find<ProxyFailedException>(exception) is { } proxy)
        {
            return (AttemptOutcome.SenderError, proxy.Message);
        }

        return exception switch
        {
            // SocketsHttpHandler reports its own connect timeout, over all stages, as a cancellation.
            HttpRequestException or OperationCanceledException { InnerException: TimeoutException } when IsNameResolution(exception) =>
                (AttemptOutcome.NameResolutionFailed, "The host name could not be resolved."),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                (AttemptOutcome.TlsFailed, DescribeTls(exception)),
            OperationCanceledException { InnerException: TimeoutException } when Find<SocketException>(exception) is null =>
                (AttemptOutcome.TlsFailed, "The TLS handshake was not done in time."),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }
                or OperationCanceledException { InnerException: TimeoutException } =>
                (AttemptOutcome.ConnectFailed, "No connection could be made."),
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                (AttemptOutcome.ResponseInvalid, "The headers of the response are longer than 32 KiB."),
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }
                or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse } =>
                (AttemptOutcome.ResponseInvalid, "The response was not valid HTTP."),
            // A connection that is reset the moment it was made comes as the socket's own exception.
            HttpRequestException or IOException or SocketException =>
                (AttemptOutcome.ConnectionBroken, "The connection broke before the response was complete."),
            _ => (AttemptOutcome.SenderError, $"The sender failed: {exception.GetType().Name}."),
        };
    }

    /// <summary>Says where the deadline was met.</summary>
    public static string DescribeDeadline(bool hasStatus, TimeSpan deadline) => string.Create(
        CultureInfo.InvariantCulture,
        $"The endpoint {(hasStatus ? "began to answer but was not done" : "did not answer")} within {deadline.TotalSeconds:0.###} s.");

    private static TimeSpan? ReadRetryAfter(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.NonValidated.TryGetValues("Retry-After", out var values) ? RetryAfter.Parse(values.ToString(), now) : null;

    private static bool IsNameResolution(Exception exception) =>
        exception is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }
        || Find<SocketException>(exception) is
        {
            SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery,
        };

    private static string DescribeTls(Exception exception)
    {
        var detail = Find<AuthenticationException>(exception)?.Message;
        var text = detail is null ? "The TLS handshake failed." : $"The TLS handshake failed: {detail}";
        return text.Length <= MaxErrorLength ? text : text[..MaxErrorLength];
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not null and not T)
        {
            exception = exception.InnerException;
        }

        return (T?)exception;
    }
}

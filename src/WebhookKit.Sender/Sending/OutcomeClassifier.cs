using System.Net.Sockets;
using System.Security.Authentication;
using WebhookKit.Deliveries;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Sending;

/// <summary>Says what a status or an exception means. Pure.</summary>
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

        return exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                (AttemptOutcome.TlsFailed, DescribeTls(exception)),
            HttpRequestException when IsNameResolution(exception) =>
                (AttemptOutcome.NameResolutionFailed, "The host name could not be resolved."),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
                (AttemptOutcome.ConnectFailed, "No connection could be made."),
            // SocketsHttpHandler reports its own connect timeout as a cancellation.
            OperationCanceledException { InnerException: TimeoutException } =>
                (AttemptOutcome.ConnectFailed, "No connection could be made."),
            HttpRequestException or IOException =>
                (AttemptOutcome.ResponseInvalid, "The connection broke, or the response was not valid HTTP."),
            _ => (AttemptOutcome.SenderError, $"The sender failed: {exception.GetType().Name}."),
        };
    }

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

using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using WebhookKit.Verification;

namespace WebhookKit.Receiving;

/// <summary>Answers the sender: a status and no detail that an attacker could use.</summary>
internal static class ReceiveResponse
{
    public static Task WriteAsync(HttpResponse response, ReceiveOutcome outcome, WebhookProvider provider)
    {
        if (outcome is ReceiveOutcome.HandshakeAnswered or ReceiveOutcome.HandshakeRefused)
        {
            // The handshake has written what its provider wants to read.
            return Task.CompletedTask;
        }

        response.StatusCode = StatusOf(outcome, provider);
        if (RetryAfterOf(outcome) is { } wait)
        {
            response.Headers.RetryAfter = ((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        // Given up only with the connection: the outcome stands whether or not its answer arrives.
        return IsAccepted(outcome) && provider.AcceptedText is { } text
            ? WriteTextAsync(response, text)
            : Task.CompletedTask;
    }

    /// <summary>Whether the events after this one would meet the same, so that the sender had better come again.</summary>
    public static bool ConcernsEveryEvent(this ReceiveOutcome outcome) => outcome >= ReceiveOutcome.HandlerTimedOut;

    // Many senders give up on 4xx: what may go well next time is answered 5xx.
    private static int StatusOf(ReceiveOutcome outcome, WebhookProvider provider) => outcome switch
    {
        _ when IsAccepted(outcome) => provider.AcceptedStatus,
        ReceiveOutcome.Unreadable or ReceiveOutcome.BodyIncomplete => StatusCodes.Status400BadRequest,
        ReceiveOutcome.NotVerified => provider.RefusedStatus,
        ReceiveOutcome.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        ReceiveOutcome.BodyTooLarge => StatusCodes.Status413PayloadTooLarge,
        ReceiveOutcome.AddressNotAllowed => StatusCodes.Status403Forbidden,
        ReceiveOutcome.BodyTooSlow => StatusCodes.Status408RequestTimeout,
        ReceiveOutcome.UnsupportedContentType or ReceiveOutcome.UnsupportedContentEncoding =>
            StatusCodes.Status415UnsupportedMediaType,
        ReceiveOutcome.Busy or ReceiveOutcome.Full or ReceiveOutcome.HandlerTimedOut or ReceiveOutcome.Stopping or ReceiveOutcome.NotKept =>
            StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static bool IsAccepted(ReceiveOutcome outcome) =>
        outcome is ReceiveOutcome.Handled or ReceiveOutcome.Kept or ReceiveOutcome.Duplicate or ReceiveOutcome.Unwanted
            or ReceiveOutcome.NoEvents;

    private static Task WriteTextAsync(HttpResponse response, string text)
    {
        response.ContentType = "text/plain";
        response.ContentLength = Encoding.UTF8.GetByteCount(text);
        return response.WriteAsync(text, response.HttpContext.RequestAborted);
    }

    private static TimeSpan? RetryAfterOf(ReceiveOutcome outcome) => outcome switch
    {
        ReceiveOutcome.Busy or ReceiveOutcome.Stopping or ReceiveOutcome.NotKept => ReceiverDefaults.BusyRetryAfter,
        ReceiveOutcome.Full => ReceiverDefaults.FullRetryAfter,
        _ => null,
    };
}

using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace WebhookKit.Receiving;

/// <summary>Answers the sender: a status and no detail that an attacker could use.</summary>
internal static class ReceiveResponse
{
    public static void Write(HttpResponse response, ReceiveOutcome outcome)
    {
        response.StatusCode = StatusOf(outcome);
        if (RetryAfterOf(outcome) is { } wait)
        {
            response.Headers.RetryAfter = ((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }

    // Many senders give up on 4xx: what may go well next time is answered 5xx.
    private static int StatusOf(ReceiveOutcome outcome) => outcome switch
    {
        ReceiveOutcome.Handled or ReceiveOutcome.Duplicate or ReceiveOutcome.Unwanted => StatusCodes.Status200OK,
        ReceiveOutcome.Unreadable or ReceiveOutcome.BodyIncomplete => StatusCodes.Status400BadRequest,
        ReceiveOutcome.NotVerified => StatusCodes.Status401Unauthorized,
        ReceiveOutcome.UnknownSource => StatusCodes.Status404NotFound,
        ReceiveOutcome.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        ReceiveOutcome.BodyTooLarge => StatusCodes.Status413PayloadTooLarge,
        ReceiveOutcome.UnsupportedContentType => StatusCodes.Status415UnsupportedMediaType,
        ReceiveOutcome.Busy or ReceiveOutcome.Full or ReceiveOutcome.HandlerTimedOut or ReceiveOutcome.Stopping =>
            StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static TimeSpan? RetryAfterOf(ReceiveOutcome outcome) => outcome switch
    {
        ReceiveOutcome.Busy or ReceiveOutcome.Stopping => ReceiverDefaults.BusyRetryAfter,
        ReceiveOutcome.Full => ReceiverDefaults.FullRetryAfter,
        _ => null,
    };
}

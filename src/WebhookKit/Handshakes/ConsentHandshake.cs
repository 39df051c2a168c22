using System.Globalization;

namespace WebhookKit.Handshakes;

/// <summary>
/// Consents to being sent to, in headers (CloudEvents HTTP 1.1 Web Hooks for Event Delivery, section 4). A refusal leaves
/// them out; a callback URL is never called.
/// </summary>
public sealed class ConsentHandshake : Handshake
{
    private const string OriginHeader = "WebHook-Request-Origin";
    private const string RateHeader = "WebHook-Request-Rate";

    // A DNS name is at most 253 characters; a port may follow.
    private static readonly ChallengeForm Origin =
        new("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:", 1, 260);

    /// <inheritdoc/>
    protected override ValueTask<HandshakeResult> RespondAsync(HandshakeContext context, CancellationToken cancellationToken)
    {
        if (context.Request.Headers[OriginHeader] is not [{ } origin] || !Origin.Fits(origin))
        {
            return new(HandshakeResult.Refused(HandshakeStatus.MalformedChallenge));
        }

        var origins = context.GetValues(HandshakeSettings.Origins);
        return new(origins.Length == 0 || origins.Contains(origin, StringComparer.OrdinalIgnoreCase)
            ? HandshakeResult.Answered(HandshakeResponse.Empty(
                200,
                new KeyValuePair<string, string>("Allow", "POST"),
                new KeyValuePair<string, string>("WebHook-Allowed-Origin", origin),
                new KeyValuePair<string, string>("WebHook-Allowed-Rate", RateFor(context))))
            : HandshakeResult.Refused(HandshakeStatus.OriginNotAllowed));
    }

    // Section 4.2.2: the least of what is asked for and what is allowed; '*' where neither sets a limit.
    private static string RateFor(HandshakeContext context)
    {
        var most = ReadRate(context.Settings.GetValueOrDefault(HandshakeSettings.RequestsPerMinute.Name));
        var asked = ReadRate(context.Request.Headers[RateHeader] is [{ } text] ? text : null);
        var rate = asked is null ? most : Math.Min(asked.Value, most ?? asked.Value);
        return rate?.ToString(CultureInfo.InvariantCulture) ?? "*";
    }

    private static int? ReadRate(string? text) =>
        text is { Length: > 0 and <= 9 } && text.All(char.IsAsciiDigit) && int.Parse(text, CultureInfo.InvariantCulture) is var rate and > 0
            ? rate
            : null;
}

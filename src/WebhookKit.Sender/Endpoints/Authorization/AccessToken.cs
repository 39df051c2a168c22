using WebhookKit.Deliveries;

namespace WebhookKit.Endpoints.Authorization;

/// <summary>What asking for an access token came to.</summary>
/// <param name="Header">The value of the header that shows it; null when there is none.</param>
/// <param name="Lifetime">How long it can be used.</param>
/// <param name="Failure">What an attempt without it comes to.</param>
/// <param name="Error">Why there is none, in words for the endpoint's owner.</param>
internal sealed record AccessToken(
    string? Header, TimeSpan Lifetime = default, AttemptOutcome Failure = AttemptOutcome.None, string? Error = null)
{
    public static AccessToken Failed(string error, AttemptOutcome outcome = AttemptOutcome.AuthorizationFailed) =>
        new(null, Failure: outcome, Error: error);
}

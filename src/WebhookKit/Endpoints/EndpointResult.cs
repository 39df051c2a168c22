using System.Text;

namespace WebhookKit;

/// <summary>What a change in the registry came to.</summary>
public sealed record EndpointResult
{
    /// <summary>The cause, or <see cref="EndpointResultStatus.Done"/>.</summary>
    public required EndpointResultStatus Status { get; init; }

    /// <summary>The endpoint after the change; <see langword="null"/> when it was deleted or nothing was done.</summary>
    public RegisteredEndpoint? Endpoint { get; init; }

    /// <summary>
    /// What the receiver verifies with, where the change has made or added it: <c>whsec_…</c>, or the <c>whpk_…</c> of a signing
    /// key. Show it to the endpoint's owner now: it is not to be had again.
    /// </summary>
    public string? ReceiverSecret { get; init; }

    /// <summary>What was wrong, each text naming its cure and quoting no secret; empty when done.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Whether the change was made.</summary>
    public bool IsDone => Status == EndpointResultStatus.Done;

    // Leaves the secret out of what logs and debuggers print.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"{nameof(Status)} = {Status}, {nameof(Endpoint)} = {Endpoint?.Id}, {nameof(Errors)} = {string.Join(' ', Errors)}");
        return true;
    }
}

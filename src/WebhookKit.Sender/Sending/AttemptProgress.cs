using WebhookKit.Endpoints.Authorization;

namespace WebhookKit.Sending;

/// <summary>How far an attempt has come, for the case that its deadline finds it on the way.</summary>
internal sealed class AttemptProgress
{
    /// <summary>Whether an access token is being asked for.</summary>
    public bool IsAuthorizing { get; set; }

    /// <summary>The status, once the endpoint has begun to answer.</summary>
    public int? Status { get; set; }

    /// <summary>Says where the deadline was met.</summary>
    public string DescribeDeadline(TimeSpan deadline) => IsAuthorizing
        ? TokenClient.DescribeDeadline(deadline)
        : OutcomeClassifier.DescribeDeadline(Status is not null, deadline);
}

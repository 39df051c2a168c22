namespace WebhookKit.Dispatch;

/// <summary>How long an endpoint's attempts take beside those of others.</summary>
internal enum EndpointPace
{
    /// <summary>Longer than most, or not known because no attempt has ended.</summary>
    Slow = 0,

    /// <summary>About as long as those of others, or less.</summary>
    Quick = 1,

    /// <summary>Many times longer.</summary>
    Hanging = 2,
}

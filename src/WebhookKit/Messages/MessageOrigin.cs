namespace WebhookKit;

/// <summary>Why a message exists.</summary>
public enum MessageOrigin
{
    /// <summary>The host published it.</summary>
    Normal = 0,

    /// <summary>A person asked for a test event.</summary>
    Test = 1,

    /// <summary>WebhookKit itself reports something about an endpoint.</summary>
    Operational = 2,
}

namespace WebhookKit;

/// <summary>What becomes of an endpoint's secrets, custom headers and authorization when its URL leads to another host, port or scheme.</summary>
public enum HostChange
{
    /// <summary>The update is refused: nothing was said.</summary>
    Refuse = 0,

    /// <summary>They are sent to the new host too: it belongs to the same receiver.</summary>
    KeepSecrets = 1,

    /// <summary>A new secret takes the place of all others at once; custom headers and authorization are dropped.</summary>
    NewSecret = 2,
}

namespace WebhookKit.Receiving;

/// <summary>The figures of the receiver.</summary>
internal static class ReceiverDefaults
{
    /// <summary>The route of <c>MapWebhookReceiver()</c>.</summary>
    public const string Pattern = "/webhooks/{source}";

    /// <summary>The largest body that is read, in bytes.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>How long the handlers of one event may take together.</summary>
    public static readonly TimeSpan HandlerTimeout = TimeSpan.FromSeconds(30);

    /// <summary>What a sender is told to wait while another copy is being handled, or while the host stops.</summary>
    public static readonly TimeSpan BusyRetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>What a sender is told to wait while the store can remember no more claims.</summary>
    public static readonly TimeSpan FullRetryAfter = TimeSpan.FromSeconds(60);
}

namespace WebhookKit.Signing;

/// <summary>The header names of Standard Webhooks 1.0.0.</summary>
public static class StandardWebhooksHeaders
{
    /// <summary>What the three names begin with; some senders use another, such as <c>svix</c>.</summary>
    public const string Prefix = "webhook";

    /// <summary>The message id, the same on every attempt.</summary>
    public const string Id = Prefix + "-id";

    /// <summary>When the attempt was made, in Unix seconds.</summary>
    public const string Timestamp = Prefix + "-timestamp";

    /// <summary>Signatures as <c>version,base64</c>, separated by one space.</summary>
    public const string Signature = Prefix + "-signature";
}

namespace WebhookKit.Diagnostics;

/// <summary>The ids of every log event, in a block per package; a retired id stays reserved.</summary>
public static class WebhookEventIds
{
    /// <summary>First id of <c>WebhookKit</c>.</summary>
    public const int Core = 1000;

    /// <summary>First id of <c>WebhookKit.Sender</c>.</summary>
    public const int Sender = 2000;

    /// <summary>First id of <c>WebhookKit.AspNetCore</c>.</summary>
    public const int Receiver = 3000;

    /// <summary>First id of <c>WebhookKit.EntityFrameworkCore</c>.</summary>
    public const int EntityFrameworkCore = 4000;

    /// <summary>First id of <c>WebhookKit.InMemory</c>.</summary>
    public const int InMemory = 5000;

    /// <summary>First id of <c>WebhookKit.PostgreSql</c>.</summary>
    public const int PostgreSql = 6000;
}

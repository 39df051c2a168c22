namespace WebhookKit.PostgreSql.WakeUp;

/// <summary>The figures that no option changes.</summary>
internal static class WakeUpDefaults
{
    /// <summary>The longest name PostgreSQL takes for a channel, in bytes.</summary>
    public const int MaxChannelBytes = 63;

    /// <summary>How often an idle connection is asked whether it still lives, in seconds.</summary>
    public const int KeepAliveSeconds = 30;

    /// <summary>The least time between two notifications of one process.</summary>
    public static readonly TimeSpan NotifyPause = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest that a woken node waits, so that not all of them ask the database at once.</summary>
    public static readonly TimeSpan MaxWakeDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest pause between two attempts to connect.</summary>
    public static readonly TimeSpan MaxReconnectPause = TimeSpan.FromSeconds(10);

    /// <summary>How long a stopping process may still take to hand over its work.</summary>
    public static readonly TimeSpan LastNotifyTimeout = TimeSpan.FromSeconds(2);
}

namespace WebhookKit.Inbox;

/// <summary>The figures of the inbox.</summary>
internal static class InboxDefaults
{
    /// <summary>How often an entry may be leased without a word of what came of it: its payload may end the process.</summary>
    public const int MaxLeases = 5;

    /// <summary>The longest error that is kept, in characters.</summary>
    public const int MaxErrorLength = 2_000;

    /// <summary>How much longer a lease lasts than the handlers may take.</summary>
    public static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(15);

    /// <summary>How often the store is asked for what other processes received, or what falls due.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>The first pause after a failure of the store; it doubles.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause after a failure of the store.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
}

namespace WebhookKit.LoadTest.Noisy;

/// <param name="Hanging">How many endpoints never answer.</param>
/// <param name="Backlog">How many deliveries wait for the first of them.</param>
/// <param name="Seconds">How long messages are published for the healthy ones.</param>
internal sealed record NoisySettings(int Hanging, int Backlog, int Seconds)
{
    /// <summary>More than the slots of an endpoint: those behind the first have no end of work either.</summary>
    public const int BacklogOfOthers = 100;

    /// <summary>Until the hanging ones have taken what slots they can get.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
}

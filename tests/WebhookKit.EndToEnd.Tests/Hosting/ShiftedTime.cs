namespace WebhookKit.EndToEnd.Tests.Hosting;

/// <summary>The clock of a machine that is ahead of all others, or behind; seconds last as long as theirs.</summary>
internal sealed class ShiftedTime(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}

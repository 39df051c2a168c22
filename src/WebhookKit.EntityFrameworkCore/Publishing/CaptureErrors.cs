namespace WebhookKit.EntityFrameworkCore.Publishing;

/// <summary>Every way of publishing on a context that is refused, and its cure.</summary>
internal static class CaptureErrors
{
    private const string Deferred = "A deferred event, PublishWebhook(() => …)";
    private const string OrKnown = "or publish data that is known: PublishWebhook(data).";

    public static WebhookException NotWired(Type context) => new(
        $"'{context}' is not wired for PublishWebhook. Add .UseEntityFrameworkCore<{context.Name}>() to AddWebhooks(), and take "
        + "the context from the application's services or their factory.");

    public static WebhookException NoTables(Type context) => new(
        $"'{context}' has no tables for messages. Call model.AddWebhooks() in its OnModelCreating; where another context owns "
        + "the tables, model.AddWebhooks(w => w.ExcludeFromMigrations()).");

    public static WebhookException RetryNeedsTransaction() => new(
        $"{Deferred}, needs a transaction, and under a retrying execution strategy only the caller can repeat one. Save inside "
        + $"Database.CreateExecutionStrategy().ExecuteAsync(…) with Database.BeginTransactionAsync() in it, {OrKnown}");

    public static WebhookException TooLateForTransaction() => new(
        $"{Deferred}, inside SaveChanges comes too late to begin a transaction. Begin one before SaveChanges, {OrKnown}");

    public static WebhookException NotAccepted() => new(
        $"{Deferred}, needs SaveChanges to accept its changes: with acceptAllChangesOnSuccess: false, or when the save is "
        + $"suppressed, generated ids do not reach the entities. Let it accept, {OrKnown}");

    public static WebhookException Stranded() => new(
        "An earlier SaveChanges on this context was rolled back after EF Core had accepted its changes, because a deferred message "
        + "could not be saved or the commit failed. Call ChangeTracker.Clear() or take a new context, and make the changes again.");

    public static WebhookException Doomed() => new(
        "A SaveChanges in this transaction saved rows, but not their message, and failed. Roll the transaction back.");
}

namespace WebhookKit;

/// <summary>How WebhookKit's tables are added to a context's model.</summary>
public sealed class WebhooksModelOptions
{
    internal bool IsExcludedFromMigrations { get; private set; }

    /// <summary>
    /// Leaves the tables out of this context's migrations, because another context owns them; this one only joins
    /// its transactions.
    /// </summary>
    public WebhooksModelOptions ExcludeFromMigrations()
    {
        IsExcludedFromMigrations = true;
        return this;
    }
}

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Names the dialect in place of the database's own; tests run the portable statements on every database.</summary>
internal sealed class DialectChoice
{
    public Dialect? Dialect { get; set; }
}

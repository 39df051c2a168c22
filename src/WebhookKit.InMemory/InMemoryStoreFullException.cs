namespace WebhookKit;

/// <summary>The store in memory can keep no more; nothing was stored.</summary>
public sealed class InMemoryStoreFullException : WebhookException
{
    internal InMemoryStoreFullException(string option, int value, string what)
        : base($"The store in memory keeps at most {value:N0} {what} and none of them may be forgotten yet. "
            + $"Raise InMemoryStoreOptions.{option}, or use a database: UseEntityFrameworkCore<TContext>().")
    {
    }
}

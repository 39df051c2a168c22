namespace WebhookKit;

/// <summary>The parent of every exception that WebhookKit defines.</summary>
public class WebhookException : Exception
{
    /// <summary>Creates an exception without a message of its own.</summary>
    public WebhookException()
    {
    }

    /// <summary>Creates an exception that says what was wrong and what cures it.</summary>
    public WebhookException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception that says what was wrong and keeps what caused it.</summary>
    public WebhookException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

namespace WebhookKit.Signing;

/// <summary>A message cannot be signed; the text of the exception is kept with the attempt, so it must hold no secret.</summary>
public sealed class SigningException : WebhookException
{
    /// <summary>Creates an exception that says why the message cannot be signed, and what cures it.</summary>
    /// <param name="message">One sentence for whoever looks at the attempt.</param>
    /// <param name="innerException">What caused it; logged, and not kept with the attempt.</param>
    public SigningException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

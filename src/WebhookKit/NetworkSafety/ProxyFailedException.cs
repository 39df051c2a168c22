namespace WebhookKit.NetworkSafety;

/// <summary>The host's own proxy could not be used, which says nothing about the endpoint behind it.</summary>
/// <remarks>Requests fail with an <see cref="HttpRequestException"/> whose inner exception this is.</remarks>
public sealed class ProxyFailedException : WebhookException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, without the proxy's credentials.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public ProxyFailedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

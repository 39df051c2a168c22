namespace WebhookKit.NetworkSafety;

/// <summary>A connection was refused before it was opened, because the network policy forbids its address.</summary>
/// <remarks>
/// Requests fail with an <see cref="HttpRequestException"/> whose inner exception this is. The message names neither
/// address nor reason, so that showing it to a tenant does not map the internal network; logs have the properties.
/// </remarks>
public sealed class ForbiddenAddressException : WebhookException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="host">The host that was to be called.</param>
    /// <param name="addressClass">The class of the forbidden address.</param>
    public ForbiddenAddressException(string host, AddressClass addressClass)
        : base("The endpoint could not be reached: its address is not allowed.")
    {
        Host = host;
        AddressClass = addressClass;
    }

    /// <summary>The host that was to be called, as the URL names it.</summary>
    public string Host { get; }

    /// <summary>
    /// The class of the forbidden address; a permitted class means that the port is not allowed, and
    /// <see cref="AddressClass.Unclassified"/> that the host could not be classified.
    /// </summary>
    public AddressClass AddressClass { get; }
}

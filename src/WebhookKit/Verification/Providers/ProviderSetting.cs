namespace WebhookKit.Verification;

/// <summary>Something beside secrets that a provider's verification or handshake has to be told, such as PayPal's webhook id.</summary>
/// <param name="Name">The name in configuration, under <c>Settings</c> of the source; compared without regard to case.</param>
/// <param name="Description">One sentence for the error that names the cure.</param>
/// <param name="IsRequired">Whether a source without it is a configuration error.</param>
public sealed record ProviderSetting(string Name, string Description, bool IsRequired = true)
{
    /// <summary>The values that it can have; any other is a configuration error.</summary>
    /// <value>Empty, any text will do, unless said otherwise.</value>
    public IReadOnlyList<string> Values { get; init; } = [];
}

namespace WebhookKit.Signing;

/// <summary>What a scheme makes a signer from: the settings of one endpoint.</summary>
public sealed class SignerContext
{
    /// <summary>The live secrets as configured, each accepted by <see cref="SignatureScheme.ValidateSecret"/>.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }

    /// <summary>What the header names begin with.</summary>
    public required string HeaderPrefix { get; init; }

    /// <summary>The application's services, for a scheme that signs elsewhere.</summary>
    public required IServiceProvider Services { get; init; }
}

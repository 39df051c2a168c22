namespace WebhookKit.Handshakes;

/// <summary>
/// Keeps the secrets that sources learn at run time, for all nodes: a registration is opened before the provider is asked
/// to send, its handshake completes it, and from then on its secret verifies.
/// </summary>
/// <remarks>A store that outlives the process keeps no secret readable.</remarks>
public interface ISourceSecretStore
{
    /// <summary>Opens a registration; one of the same source, tenant and topic that is still pending is replaced.</summary>
    ValueTask OpenAsync(SourceRegistration registration, CancellationToken cancellationToken);

    /// <summary>
    /// Completes a registration while it is pending: of several answers with different secrets one wins, the same
    /// answer again changes nothing. Secrets of the same topic from before expire after
    /// <see cref="SourceSecretLimits.Overlap"/>.
    /// </summary>
    ValueTask<RegistrationResult> TryCompleteAsync(RegistrationAnswer answer, CancellationToken cancellationToken);

    /// <summary>The secrets of a source that verify now, newest first.</summary>
    ValueTask<IReadOnlyList<string>> GetSecretsAsync(string source, string? tenantId, CancellationToken cancellationToken);

    /// <summary>Forgets a topic's registrations and secrets at once.</summary>
    /// <returns>Whether there was one.</returns>
    ValueTask<bool> RemoveAsync(string source, string? tenantId, string topic, CancellationToken cancellationToken);
}

using WebhookKit.Handshakes;

namespace WebhookKit.InMemory.Handshakes;

/// <summary>Learned secrets in this process alone.</summary>
internal sealed class InMemorySourceSecretStore(TimeProvider timeProvider) : ISourceSecretStore
{
    private readonly Lock _gate = new();
    private readonly List<RegistrationRow> _rows = [];

    public ValueTask OpenAsync(SourceRegistration registration, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = timeProvider.GetUtcNow();
            _rows.RemoveAll(row => row.IsOver(now) || (row.CompletedAt is null
                && row.IsOf(registration.Source, registration.TenantId)
                && row.Registration.Topic == registration.Topic
                && row.Registration.Removes == registration.Removes));
            _rows.Add(new RegistrationRow(registration, now));
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask<RegistrationResult> TryCompleteAsync(RegistrationAnswer answer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(TryComplete(answer, timeProvider.GetUtcNow()));
        }
    }

    public ValueTask<IReadOnlyList<string>> GetSecretsAsync(string source, string? tenantId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = timeProvider.GetUtcNow();
            return ValueTask.FromResult<IReadOnlyList<string>>(
            [
                .. _rows.Where(row => row.IsOf(source, tenantId) && row.IsLive(now))
                    .OrderByDescending(row => row.CompletedAt)
                    .Select(row => row.Secret!),
            ]);
        }
    }

    public ValueTask<bool> RemoveAsync(string source, string? tenantId, string topic, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(_rows.RemoveAll(row => row.IsOf(source, tenantId) && row.Registration.Topic == topic) > 0);
        }
    }

    internal void RemoveTenant(string tenantId)
    {
        lock (_gate)
        {
            _rows.RemoveAll(row => row.Registration.TenantId == tenantId);
        }
    }

    private RegistrationResult TryComplete(RegistrationAnswer answer, DateTimeOffset now)
    {
        RegistrationRow[] ofSource = [.. _rows.Where(row => row.IsOf(answer.Source, answer.TenantId))];
        RegistrationRow[] waitedFor =
        [
            .. ofSource.Where(row => row.PendingUntil > now
                && row.Registration.Removes == answer.Removes
                && (answer.Topic is null || row.Registration.Topic == answer.Topic)),
        ];
        RegistrationRow[] answered = [.. waitedFor.Where(row => row.CompletedAt is not null)];
        if (answer.Secret is not null && answered.Any(row => row.Secret == answer.Secret))
        {
            return RegistrationResult.CompletedBefore;
        }

        if (waitedFor.FirstOrDefault(row => row.CompletedAt is null) is not { } completed)
        {
            if (answer.Secret is not null || answered.Length == 0)
            {
                return RegistrationResult.NotPending;
            }

            // Who brings no secret cannot be told from who came before: of their leases the longest holds.
            var longer = now + answer.Lease;
            foreach (var row in answered.Where(row => longer is null || row.ExpiresAt < longer))
            {
                row.ExpiresAt = longer;
            }

            return RegistrationResult.CompletedBefore;
        }

        RegistrationRow[] replaced = [.. ofSource.Where(row => row.IsLive(now) && row.Registration.Topic == completed.Registration.Topic)];
        if (!answer.Removes && ofSource.Count(row => row.IsLive(now)) >= SourceSecretLimits.MaxSecrets)
        {
            return RegistrationResult.Full;
        }

        foreach (var row in replaced.Where(row => row.ExpiresAt is null || row.ExpiresAt > now + SourceSecretLimits.Overlap))
        {
            row.ExpiresAt = now + SourceSecretLimits.Overlap;
        }

        completed.Secret = answer.Secret ?? completed.Secret;
        completed.CompletedAt = now;
        completed.ExpiresAt = now + answer.Lease;
        return RegistrationResult.Completed;
    }
}

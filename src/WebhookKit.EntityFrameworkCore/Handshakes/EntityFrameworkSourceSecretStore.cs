using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Dialects;
using WebhookKit.Handshakes;
using WebhookKit.Identifiers;

namespace WebhookKit.EntityFrameworkCore.Handshakes;

/// <summary>Learned secrets in the host's own database, protected there.</summary>
internal sealed class EntityFrameworkSourceSecretStore(
    StoreDatabase database, DatabaseClock clock, IdGenerator ids, SourceSecretProtection protection) : ISourceSecretStore
{
    public async ValueTask OpenAsync(SourceRegistration registration, CancellationToken cancellationToken)
    {
        protection.RequireProtector(registration.Source);
        var row = new SourceSecretEntity
        {
            Id = ids.NewLeaseId().Value,
            Source = registration.Source,
            TenantId = registration.TenantId ?? "",
            Topic = registration.Topic,
            Removes = registration.Removes,
            Secret = protection.Protect(registration.Secret, registration.Source, registration.TenantId),
        };
        await database.WriteForHostAsync(async (context, now, token) =>
        {
            row.PendingUntil = now + registration.PendingFor;
            await OfSource(context, row.Source, registration.TenantId)
                .Where(other =>
                    (other.CompletedAt == null && (other.PendingUntil <= now || (other.Topic == row.Topic && other.Removes == row.Removes)))
                    || other.ExpiresAt <= now
                    || (other.Removes && other.PendingUntil <= now))
                .ExecuteDeleteAsync(token).ConfigureAwait(false);
            await context.InsertRowsAsync([row], token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<RegistrationResult> TryCompleteAsync(RegistrationAnswer answer, CancellationToken cancellationToken)
    {
        protection.RequireProtector(answer.Source);
        return await database.WriteForHostAsync(
            (context, now, token) => TryCompleteAsync(context, answer, now, token), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<string>> GetSecretsAsync(string source, string? tenantId, CancellationToken cancellationToken)
    {
        var kept = await database.ReadAsync(async context =>
        {
            var now = await clock.GetUtcNowAsync(context, cancellationToken).ConfigureAwait(false);
            return await Live(OfSource(context, source, tenantId), now)
                .OrderByDescending(row => row.CompletedAt)
                .Select(row => row.Secret!)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return kept.ConvertAll(secret => protection.Unprotect(secret, source, tenantId));
    }

    public async ValueTask<bool> RemoveAsync(string source, string? tenantId, string topic, CancellationToken cancellationToken)
    {
        return await database.WriteForHostAsync(
            (context, _, token) => OfSource(context, source, tenantId).Where(row => row.Topic == topic).ExecuteDeleteAsync(token),
            cancellationToken).ConfigureAwait(false) > 0;
    }

    private async Task<RegistrationResult> TryCompleteAsync(
        DbContext context, RegistrationAnswer answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ofSource = OfSource(context, answer.Source, answer.TenantId);
        var waitedFor = await ofSource.AsNoTracking()
            .Where(row => row.PendingUntil > now && row.Removes == answer.Removes && (answer.Topic == null || row.Topic == answer.Topic))
            .OrderBy(row => row.PendingUntil)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var answered = waitedFor.FindAll(row => row.CompletedAt is not null);
        if (answer.Secret is not null && answered.Exists(row => IsSameAnswer(row, answer)))
        {
            return RegistrationResult.CompletedBefore;
        }

        if (waitedFor.Find(row => row.CompletedAt is null) is not { } completed)
        {
            if (answer.Secret is not null || answered.Count == 0)
            {
                return RegistrationResult.NotPending;
            }

            // Who brings no secret cannot be told from who came before: of their leases the longest holds.
            var ids = answered.ConvertAll(row => row.Id);
            var longer = now + answer.Lease;
            await ofSource.Where(row => ids.Contains(row.Id) && (longer == null || row.ExpiresAt < longer))
                .ExecuteUpdateAsync(row => row.SetProperty(r => r.ExpiresAt, longer), cancellationToken).ConfigureAwait(false);
            return RegistrationResult.CompletedBefore;
        }

        if (!answer.Removes
            && await Live(ofSource, now).CountAsync(cancellationToken).ConfigureAwait(false) >= SourceSecretLimits.MaxSecrets)
        {
            return RegistrationResult.Full;
        }

        // Of two answers at once the second waits here for the first, and finds nothing to complete.
        var secret = protection.Protect(answer.Secret, answer.Source, answer.TenantId) ?? completed.Secret;
        var expiresAt = now + answer.Lease;
        var won = await ofSource.Where(row => row.Id == completed.Id && row.CompletedAt == null).ExecuteUpdateAsync(
            row => row.SetProperty(r => r.Secret, secret).SetProperty(r => r.CompletedAt, now).SetProperty(r => r.ExpiresAt, expiresAt),
            cancellationToken).ConfigureAwait(false) > 0;
        if (!won)
        {
            return RegistrationResult.NotPending;
        }

        var overlap = (DateTimeOffset?)(now + SourceSecretLimits.Overlap);
        await Live(ofSource, now)
            .Where(row => row.Id != completed.Id && row.Topic == completed.Topic && (row.ExpiresAt == null || row.ExpiresAt > overlap))
            .ExecuteUpdateAsync(row => row.SetProperty(r => r.ExpiresAt, overlap), cancellationToken).ConfigureAwait(false);
        return RegistrationResult.Completed;
    }

    private bool IsSameAnswer(SourceSecretEntity row, RegistrationAnswer answer) =>
        row.Secret is not null && protection.Unprotect(row.Secret, answer.Source, answer.TenantId) == answer.Secret;

    private static IQueryable<SourceSecretEntity> OfSource(DbContext context, string source, string? tenantId)
    {
        var tenant = tenantId ?? "";
        return context.Set<SourceSecretEntity>().Where(row => row.Source == source && row.TenantId == tenant);
    }

    private static IQueryable<SourceSecretEntity> Live(IQueryable<SourceSecretEntity> rows, DateTimeOffset now) =>
        rows.Where(row => row.CompletedAt != null && row.Secret != null && !row.Removes && (row.ExpiresAt == null || row.ExpiresAt > now));
}

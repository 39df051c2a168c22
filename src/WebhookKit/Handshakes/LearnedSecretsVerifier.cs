using WebhookKit.Verification;

namespace WebhookKit.Handshakes;

/// <summary>
/// Verifies with the configured secrets of a source and with those it has learned, on whichever node: what does not verify
/// makes it look for new secrets, at most once a second.
/// </summary>
public sealed class LearnedSecretsVerifier : IWebhookVerifier, IDisposable
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    // So that a secret whose time has passed, or that was removed, stops to verify on every node.
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(1);

    private readonly WebhookProvider _provider;
    private readonly VerifierContext _configured;
    private readonly ISourceSecretStore _store;
    private readonly string _source;
    private readonly string? _tenantId;
    private readonly SemaphoreSlim _looking = new(1);
    private Known? _known;

    /// <summary>Creates a verifier.</summary>
    /// <param name="provider">The entry of the catalogue.</param>
    /// <param name="configured">The configured secrets, which may be none, and how they verify.</param>
    /// <param name="store">Where learned secrets are.</param>
    /// <param name="source">The source's name.</param>
    /// <param name="tenantId">Whose source it is, or null.</param>
    public LearnedSecretsVerifier(
        WebhookProvider provider, VerifierContext configured, ISourceSecretStore store, string source, string? tenantId = null)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(configured);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(source);
        _provider = provider;
        _configured = configured;
        _store = store;
        _source = source;
        _tenantId = tenantId;
    }

    /// <inheritdoc/>
    public async ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default)
    {
        var known = Volatile.Read(ref _known);
        if (known is null || Age(known) >= ForgetAfter)
        {
            known = await LookAsync(ForgetAfter, cancellationToken).ConfigureAwait(false);
        }

        var result = await VerifyAsync(known, request, cancellationToken).ConfigureAwait(false);
        if (result.Status != VerificationStatus.SignatureMismatch || Age(known) < LookAgainAfter)
        {
            return result;
        }

        var newer = await LookAsync(LookAgainAfter, cancellationToken).ConfigureAwait(false);
        return newer.Verifier == known.Verifier ? result : await VerifyAsync(newer, request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Releases the verifier in use.</summary>
    public void Dispose()
    {
        (Volatile.Read(ref _known)?.Verifier as IDisposable)?.Dispose();
        _looking.Dispose();
    }

    // Without any secret there is nothing that could match.
    private static ValueTask<VerificationResult> VerifyAsync(Known known, WebhookRequest request, CancellationToken cancellationToken) =>
        known.Verifier?.VerifyAsync(request, cancellationToken) ?? new(VerificationResult.Refused(VerificationStatus.SignatureMismatch));

    private TimeSpan Age(Known known) => _configured.TimeProvider.GetElapsedTime(known.ReadAt);

    private async Task<Known> LookAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var known = _known;
            if (known is not null && Age(known) < atMost)
            {
                return known;
            }

            var readAt = _configured.TimeProvider.GetTimestamp();
            var learned = await _store.GetSecretsAsync(_source, _tenantId, cancellationToken).ConfigureAwait(false);
            string[] usable = [.. learned.Where(secret => _provider.ValidateSecret(secret) is null)];

            // One that is replaced is left to the collector: a request may still be verified by it.
            known = known is not null && known.Learned.SequenceEqual(usable, StringComparer.Ordinal)
                ? known with { ReadAt = readAt }
                : new Known(Create(usable), usable, readAt);
            Volatile.Write(ref _known, known);
            return known;
        }
        finally
        {
            _looking.Release();
        }
    }

    private IWebhookVerifier? Create(string[] learned)
    {
        string[] secrets = [.. _configured.Secrets, .. learned];
        return secrets.Length == 0 ? null : _provider.CreateVerifier(new VerifierContext
        {
            // The configured ones first; of the learned ones the newest, as many as can be tried.
            Secrets = secrets[..Math.Min(secrets.Length, SourceSecretLimits.MaxSecrets)],
            Tolerance = _configured.Tolerance,
            TimeProvider = _configured.TimeProvider,
            Settings = _configured.Settings,
        });
    }

    private sealed record Known(IWebhookVerifier? Verifier, string[] Learned, long ReadAt);
}

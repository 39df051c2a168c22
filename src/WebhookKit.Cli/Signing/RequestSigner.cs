using WebhookKit.Secrets;
using WebhookKit.Signing;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Cli.Signing;

/// <summary>Signs by the provider's rule, or in the way of Standard Webhooks; what its own verifier would refuse is never printed.</summary>
internal static class RequestSigner
{
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> SignAsync(SigningWork work, CancellationToken cancellationToken)
    {
        if (work.Secrets.Count == 0)
        {
            throw new UsageException($"'{work.Provider.Name}' needs a secret: give --secret-env, --secret-file or --secret.");
        }

        if (work.Provider.Signature is { } rule)
        {
            var headers = RuleSigner.Sign(rule, work);
            return await IsVerifiedAsync(work, headers, VerificationSecrets(work), cancellationToken).ConfigureAwait(false)
                ? headers
                : throw CannotSign(work);
        }

        foreach (var prefix in (string[])["webhook", "svix"])
        {
            var headers = await TrySignAsync(work, prefix, cancellationToken).ConfigureAwait(false);
            if (headers is not null)
            {
                return headers;
            }
        }

        throw CannotSign(work);
    }

    private static async Task<IReadOnlyList<KeyValuePair<string, string>>?> TrySignAsync(
        SigningWork work, string prefix, CancellationToken cancellationToken)
    {
        // Supabase shows the version in front of the secret.
        string[] secrets = [.. work.Secrets.Select(secret => secret.StartsWith("v1,", StringComparison.Ordinal) ? secret[3..] : secret)];
        if (secrets.Any(secret => SignatureSchemes.StandardWebhooks.ValidateSecret(secret) is not null))
        {
            return null;
        }

        var signer = SignatureSchemes.StandardWebhooks.CreateSigner(
            new SignerContext { Secrets = secrets, HeaderPrefix = prefix, Services = NoServices.Instance });
        using var lifetime = signer as IDisposable;
        try
        {
            var headers = (await signer.SignAsync(
                new SigningRequest(work.Id, work.Timestamp, work.Request.Body), cancellationToken).ConfigureAwait(false)).ToList();
            return await IsVerifiedAsync(work, headers, VerificationSecrets(work), cancellationToken).ConfigureAwait(false) ? headers : null;
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    // Who signs with a signing key is verified with its verification key.
    private static string[] VerificationSecrets(SigningWork work) =>
        [.. work.Secrets.Select(secret => WebhookSigningKey.TryParse(secret, out var key) ? key.VerificationKey.ToString() : secret)];

    private static async Task<bool> IsVerifiedAsync(
        SigningWork work, IEnumerable<KeyValuePair<string, string>> headers, string[] secrets, CancellationToken cancellationToken)
    {
        if (secrets.Select(work.Provider.ValidateSecret).FirstOrDefault(error => error is not null) is { } unusable)
        {
            throw new UsageException(unusable);
        }

        var verifier = work.Provider.CreateVerifier(new VerifierContext
        {
            Secrets = secrets,
            Tolerance = Timeout.InfiniteTimeSpan,
            TimeProvider = new FakeTimeProvider(work.Timestamp),
            Settings = work.Settings,
        });
        using var lifetime = verifier as IDisposable;
        var given = work.GivenHeaders.ExceptBy(headers.Select(header => header.Key), header => header.Key, StringComparer.OrdinalIgnoreCase);
        var request = new WebhookRequest(work.Request.Method, work.Request.Url, WebhookHeaders.Create(headers.Concat(given)), work.Request.Body);
        return (await verifier.VerifyAsync(request, cancellationToken).ConfigureAwait(false)).IsVerified;
    }

    private static UsageException CannotSign(SigningWork work) => new(
        $"Nothing here can sign as '{work.Provider.Name}' with what was given: it signs with a key that only the provider has, within "
        + "the body, or the URL or a header that it signs is missing. 'verify' takes its requests all the same.");

    private sealed class NoServices : IServiceProvider
    {
        public static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}

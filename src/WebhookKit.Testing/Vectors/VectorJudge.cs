using WebhookKit.Verification;

namespace WebhookKit.Testing;

/// <summary>Judges vectors by the provider catalogue, all in the same way.</summary>
public static class VectorJudge
{
    /// <summary>Judges one vector.</summary>
    /// <remarks>An exception is a disagreement too, binding or not.</remarks>
    public static async Task<VectorVerdict> JudgeAsync(SignatureVector vector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vector);
        if (!vector.IsExpecting)
        {
            return Unknown(vector, "it expects neither 'valid' nor 'invalid'");
        }

        try
        {
            return vector.Kind switch
            {
                "verify" => await VerifyAsync(vector, cancellationToken).ConfigureAwait(false),
                "digest" => Said(vector, ContentDigest.Verify(vector.ToRequest())),
                "handshake" => await HandshakeJudge.JudgeAsync(vector, cancellationToken).ConfigureAwait(false),
                _ => Unknown(vector, $"the kind '{vector.Kind}' is not known"),
            };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new VectorVerdict(vector, Agrees: false, "exception", exception.GetType().Name);
        }
    }

    /// <summary>Makes a vector's verifier, with its clock and settings.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="provider">The entry of the catalogue.</param>
    /// <param name="refusal">Why no source could be set up like that, where there is no verifier.</param>
    /// <param name="clock">The clock; the vector's own when omitted.</param>
    public static IWebhookVerifier? CreateVerifier(
        SignatureVector vector, WebhookProvider provider, out string? refusal, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(vector);
        ArgumentNullException.ThrowIfNull(provider);
        refusal = vector.Secrets.Select(provider.ValidateSecret).FirstOrDefault(error => error is not null)
            ?? (vector.Secrets.Count == 0 && provider.RequiresSecret ? "there is no secret" : null);
        if (refusal is not null)
        {
            return null;
        }

        try
        {
            return provider.CreateVerifier(new VerifierContext
            {
                Secrets = vector.Secrets,
                Tolerance = vector.Tolerance ?? provider.DefaultTolerance,
                TimeProvider = clock ?? new FakeTimeProvider(vector.Now),
                Settings = SettingsOf(vector),
            });
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            refusal = exception.Message;
            return null;
        }
    }

    internal static VectorVerdict Said(SignatureVector vector, bool valid, string why) =>
        new(vector, !vector.IsBinding || valid == vector.IsExpectedValid, valid ? "valid" : "invalid", why);

    internal static VectorVerdict Unknown(SignatureVector vector, string why) => new(vector, Agrees: false, "unknown", why);

    // Examples are of every version that a provider has signed with, and say what a signature proves: older ones, and those that
    // do not cover the body, a source takes only when told so.
    private static Dictionary<string, string> SettingsOf(SignatureVector vector)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["OldestVersion"] = "v1",
            ["AllowUnsignedBody"] = "true",
        };
        foreach (var (name, value) in vector.Context)
        {
            settings[name] = value;
        }

        return settings;
    }

    private static VectorVerdict Said(SignatureVector vector, VerificationStatus status) =>
        Said(vector, status == VerificationStatus.Verified, status.ToString());

    private static async Task<VectorVerdict> VerifyAsync(SignatureVector vector, CancellationToken cancellationToken)
    {
        if (!WebhookProviders.TryGet(vector.EntryName, out var provider))
        {
            return Unknown(vector, $"the catalogue has no entry '{vector.EntryName}'");
        }

        // A source that cannot be set up accepts nothing.
        if (CreateVerifier(vector, provider, out var refusal) is not { } verifier)
        {
            return Said(vector, valid: false, refusal!);
        }

        using var lifetime = verifier as IDisposable;
        var result = await verifier.VerifyAsync(vector.ToRequest(), cancellationToken).ConfigureAwait(false);
        return Said(vector, result.Status);
    }
}

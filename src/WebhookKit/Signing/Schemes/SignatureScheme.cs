namespace WebhookKit.Signing;

/// <summary>How the requests to an endpoint are signed: an entry of <see cref="SignatureSchemes"/>, or one of the host's own.</summary>
public sealed class SignatureScheme
{
    private const int MaxHeaderPrefixLength = 64;

    /// <summary>The name in configuration, such as <c>standard-webhooks</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Makes the signer of one endpoint; the sender disposes it if it is disposable.</summary>
    public required Func<SignerContext, IWebhookSigner> CreateSigner { get; init; }

    /// <summary>Returns null for a usable secret, or one sentence that says what is wrong with it and names the cure.</summary>
    /// <remarks>
    /// What counts as a secret is the scheme's to say: one whose keys never leave a key management service takes the keys' names.
    /// </remarks>
    public required Func<string?, string?> ValidateSecret { get; init; }

    /// <summary>What the header names begin with where the endpoint says nothing else.</summary>
    /// <value><c>webhook</c> unless said otherwise.</value>
    public string HeaderPrefix { get; init; } = StandardWebhooksHeaders.Prefix;

    /// <summary>The most secrets that can sign at once.</summary>
    /// <value>10 unless said otherwise.</value>
    public int MaxSecrets { get; init; } = StandardWebhooksContent.MaxSignatures;

    /// <summary>Whether a header prefix is 1 to 64 ASCII letters, digits or <c>-</c>, with no <c>-</c> at either end.</summary>
    public static bool IsValidHeaderPrefix(string? prefix) =>
        prefix is { Length: > 0 and <= MaxHeaderPrefixLength }
        && prefix.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')
        && prefix[0] != '-'
        && prefix[^1] != '-';

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}

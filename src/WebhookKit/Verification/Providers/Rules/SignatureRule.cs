namespace WebhookKit.Verification;

/// <summary>How a provider signs, as data: which content, with what, and where the signature is.</summary>
/// <remarks>
/// Covers HMAC over a template, with or without timestamp and id, and fixed public keys. The signature is checked in
/// constant time over the bytes as received; of a list of signatures any may match.
/// </remarks>
public sealed record SignatureRule
{
    /// <summary>The header that holds the signature.</summary>
    public required string Header { get; init; }

    /// <summary>More headers that each may hold a signature, such as one per key.</summary>
    /// <value>Empty unless said otherwise.</value>
    public IReadOnlyList<string> FurtherHeaders { get; init; } = [];

    /// <summary>Headers that must be there with exactly this value, such as a version.</summary>
    /// <value>Empty unless said otherwise.</value>
    public IReadOnlyDictionary<string, string> RequiredHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the signature header may come on several lines; elsewhere that is refused.</summary>
    /// <value>False unless said otherwise.</value>
    public bool AllowsRepeatedHeader { get; init; }

    /// <summary>What the text of each signature begins with, such as <c>sha256=</c>.</summary>
    /// <value>Empty unless said otherwise.</value>
    public string Prefix { get; init; } = "";

    /// <summary>Whether a signature without the <see cref="Prefix"/> counts as well.</summary>
    /// <value>False unless said otherwise.</value>
    public bool PrefixIsOptional { get; init; }

    /// <summary>What separates the items of the signature header, white space around them aside.</summary>
    /// <value>Null, the header is one signature, unless said otherwise.</value>
    public char? Separator { get; init; }

    /// <summary>The labels of items that are signatures, such as <c>v1</c> of <c>v1=…</c>; items with others are passed over.</summary>
    /// <value>Empty, items are bare signatures, unless said otherwise.</value>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The label of the item that is the timestamp; empty for a bare first item.</summary>
    /// <value>Null unless said otherwise.</value>
    public string? TimestampLabel { get; init; }

    /// <summary>The header that holds the timestamp.</summary>
    /// <value>Null unless said otherwise.</value>
    public string? TimestampHeader { get; init; }

    /// <summary>The JSON pointer (RFC 6901) of the timestamp, a number or string in a body that is itself signed.</summary>
    /// <value>Null unless said otherwise.</value>
    public string? TimestampPointer { get; init; }

    /// <summary>How the timestamp is written.</summary>
    /// <value>Unix seconds unless said otherwise.</value>
    public TimestampFormat TimestampFormat { get; init; } = TimestampFormat.UnixSeconds;

    /// <summary>The header that holds the id, 1 to 256 visible ASCII characters.</summary>
    /// <value>Null unless said otherwise; give it only where <see cref="Content"/> has <c>{id}</c>.</value>
    public string? IdHeader { get; init; }

    /// <summary>
    /// What is signed: text with <c>{body}</c>, <c>{timestamp}</c>, <c>{id}</c>, <c>{method}</c>, <c>{url}</c> and
    /// <c>{header:NAME}</c> in it, each as received.
    /// </summary>
    /// <value><c>{body}</c> unless said otherwise.</value>
    public string Content { get; init; } = "{body}";

    /// <summary>What the signature is computed with.</summary>
    /// <value>HMAC-SHA256 unless said otherwise.</value>
    public SignatureAlgorithm Algorithm { get; init; } = SignatureAlgorithm.HmacSha256;

    /// <summary>How the signature is written.</summary>
    /// <value>Lower-case hexadecimal unless said otherwise.</value>
    public SignatureEncoding Encoding { get; init; } = SignatureEncoding.Hex;

    /// <summary>How a secret becomes a key; public keys are told apart by themselves.</summary>
    /// <value>The text as it stands unless said otherwise.</value>
    public KeyForm KeyForm { get; init; } = KeyForm.Text;

    /// <summary>Rewrites the URL before it is signed, for providers that do.</summary>
    internal Func<string, string>? RewriteUrl { get; init; }

    /// <summary>Whether a key verifies without being able to sign.</summary>
    internal bool HasPublicKeys => Algorithm
        is SignatureAlgorithm.Ed25519 or SignatureAlgorithm.EcdsaP256Sha256Der or SignatureAlgorithm.RsaPkcs1Sha256;

    /// <summary>Returns null for a rule that is whole, or one sentence that says what is missing.</summary>
    public string? Validate()
    {
        try
        {
            RuleVerifier.RequireWhole(this, new ContentTemplate(Content));
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Returns null for a usable secret or public key, or one sentence that says what is wrong and names the cure.</summary>
    public string? ValidateSecret(string? secret) =>
        HasPublicKeys ? PublicKeyText.Validate(secret, Algorithm) : KeyText.Validate(secret, KeyForm);

    /// <summary>Makes a verifier that follows the rule; the caller disposes it if it is disposable.</summary>
    /// <exception cref="ArgumentException">The rule is not whole, or there is no secret or more than ten; the message says what.</exception>
    public IWebhookVerifier CreateVerifier(VerifierContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new RuleVerifier(this, context);
    }
}

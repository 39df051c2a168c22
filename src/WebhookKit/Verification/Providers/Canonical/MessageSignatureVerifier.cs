namespace WebhookKit.Verification;

/// <summary>Verifies HTTP message signatures (RFC 9421); a covered <c>content-digest</c> is checked against the body (RFC 9530).</summary>
/// <remarks>
/// What a signature has to cover is the receiver's policy (RFC 9421, 1.4 and 3.2.1): here the digest of a body, unless the source
/// allows otherwise, and what the setting names beside it.
/// </remarks>
internal sealed class MessageSignatureVerifier : IWebhookVerifier, IDisposable
{
    public static readonly ProviderSetting Algorithm = new(
        "Algorithm",
        "Set it to the one algorithm that the sender uses: hmac-sha256, ed25519, ecdsa-p256-sha256, ecdsa-p384-sha384, rsa-pss-sha512 or rsa-v1_5-sha256.");

    public static readonly ProviderSetting Components = new(
        "Components", "The components that a signature has to cover, separated by white space, such as 'content-digest @target-uri'.", IsRequired: false);

    public static readonly ProviderSetting AllowUnsignedBody = new(
        "AllowUnsignedBody",
        "Set it to 'true' only where the sender cannot sign 'content-digest': whoever has seen a signature can send other bodies with it.",
        IsRequired: false)
    {
        Values = ["true", "false"],
    };

    /// <summary>For responses, whose status is a component.</summary>
    public static readonly ProviderSetting Status = new("Status", "The status of the response that is verified.", IsRequired: false);

    private readonly MessageSignatureKeys _keys;
    private readonly Freshness _freshness;
    private readonly string[] _required;
    private readonly bool _allowsUnsignedBody;
    private readonly string? _status;

    public MessageSignatureVerifier(VerifierContext context)
    {
        _keys = new MessageSignatureKeys(
            context.Settings.GetValueOrDefault(Algorithm.Name)
                ?? throw new ArgumentException($"The setting '{Algorithm.Name}' is missing. {Algorithm.Description}", nameof(context)),
            context.Secrets);
        _freshness = new Freshness(context);
        _required = context.Settings.GetValueOrDefault(Components.Name, "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        _allowsUnsignedBody = ReadPermission(context.Settings.GetValueOrDefault(AllowUnsignedBody.Name));
        _status = context.Settings.GetValueOrDefault(Status.Name);
    }

    public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        new(Verify(request));

    public void Dispose() => _keys.Dispose();

    private static bool ReadPermission(string? text) => text is null ? false
        : bool.TryParse(text, out var isAllowed) ? isAllowed
        : throw new ArgumentException($"The setting '{AllowUnsignedBody.Name}' is '{text}': use 'true' or 'false'.", nameof(text));

    private VerificationResult Verify(in WebhookRequest request)
    {
        if (HeaderLine.ReadSignature(request.Headers, "Signature-Input", out var refusal) is not { } inputs
            || HeaderLine.ReadSignature(request.Headers, "Signature", out refusal) is not { } signatures)
        {
            return VerificationResult.Refused(refusal);
        }

        if (SignatureInput.Parse(inputs) is not { } members || Parse(signatures) is not { } bytes)
        {
            return VerificationResult.Refused(VerificationStatus.MalformedSignature);
        }

        // The most telling refusal of several signatures: one that was nearly right.
        var worst = VerificationStatus.NoUsableSignature;
        foreach (var input in members)
        {
            if (bytes.TryGetValue(input.Label, out var signature))
            {
                var result = Verify(request, input, signature);
                if (result.IsVerified)
                {
                    return result;
                }

                worst = result.Status;
            }
        }

        return VerificationResult.Refused(worst);
    }

    private VerificationResult Verify(in WebhookRequest request, SignatureInput input, string signature)
    {
        if (input.Parameters.TryGetValue("alg", out var algorithm) && algorithm != _keys.Algorithm)
        {
            return VerificationResult.Refused(VerificationStatus.UnknownSignatureForm);
        }

        var coversBody = input.Components.Any(component => component.Name == "content-digest");
        if ((!coversBody && !_allowsUnsignedBody && !request.Body.IsEmpty)
            || _required.Except(input.Components.Select(component => component.Name), StringComparer.Ordinal).Any())
        {
            return VerificationResult.Refused(VerificationStatus.MissingSignedHeader);
        }

        if (SignatureBase.TryBuild(request, input, _status, out var content) is { } reason)
        {
            return VerificationResult.Refused(reason);
        }

        var keyIndex = _keys.Find(content, signature);
        if (keyIndex < 0)
        {
            return VerificationResult.Refused(VerificationStatus.SignatureMismatch);
        }

        if (coversBody)
        {
            var digest = ContentDigest.Verify(request);
            if (digest != VerificationStatus.Verified)
            {
                return VerificationResult.Refused(VerificationStatus.BodyMismatch);
            }
        }

        // Without a body there is nothing but what was signed to tell one event from another; with one, a retry has a new
        // signature over the same body, and parts of the URL may be in none.
        return JudgeTime(input, request.Body.IsEmpty ? SignedHash.Of(content) : null, keyIndex);
    }

    private VerificationResult JudgeTime(SignatureInput input, string? id, int keyIndex)
    {
        if (!_freshness.IsJudged)
        {
            return VerificationResult.Verified(id, input.Created, keyIndex);
        }

        if (input.Created is not { } created)
        {
            return VerificationResult.Refused(VerificationStatus.MissingTimestamp);
        }

        // No tolerance behind the end that the sender itself has set.
        var hasExpired = input.Parameters.ContainsKey("expires") && !(_freshness.Now <= input.Expires);
        return hasExpired
            ? VerificationResult.OutsideTolerance(id, created, keyIndex)
            : _freshness.Judge(id, created, keyIndex);
    }

    /// <summary>Reads <c>Signature</c>, a dictionary of byte sequences; null when it is none or has a label twice.</summary>
    private static Dictionary<string, string>? Parse(string text)
    {
        var reader = new StructuredReader(text);
        var signatures = new Dictionary<string, string>(StringComparer.Ordinal);
        do
        {
            if (!reader.TryReadKey(out var label)
                || !reader.TryRead('=')
                || !reader.TryReadBareItem(out var value)
                || value is not [':', .. var bytes, ':']
                || !signatures.TryAdd(label, bytes))
            {
                return null;
            }
        }
        while (reader.TryReadComma());
        return reader.IsAtEnd ? signatures : null;
    }
}

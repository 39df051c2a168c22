namespace WebhookKit.Verification;

/// <summary>Public keys of a provider under one rule.</summary>
internal sealed class PublicKeys : SignatureKeys
{
    // A signature costs more to check than a digest: of a longer list the rest is not looked at.
    private const int MaxSignatures = 10;
    private const int MaxSignatureBytes = 1024;

    private readonly IPublicKey[] _keys;
    private readonly SignatureEncoding _encoding;

    public PublicKeys(SignatureRule rule, IReadOnlyList<string> keys)
    {
        RequireSome(keys);
        _encoding = rule.Encoding;
        _keys = [.. keys.Select(key => PublicKeyText.TryRead(key, rule.Algorithm)
            ?? throw new FormatException(PublicKeyText.Validate(key, rule.Algorithm)))];
    }

    public override int Find(in SignedContent content, ref SignatureCandidates candidates, out bool areUsable)
    {
        areUsable = false;
        Span<byte> signature = stackalloc byte[MaxSignatureBytes];
        for (var tried = 0; tried < MaxSignatures && candidates.MoveNext(out var text);)
        {
            if (!SignatureText.TryDecode(text, _encoding, signature, out var written) || written == 0)
            {
                continue;
            }

            tried++;
            areUsable = true;
            for (var index = 0; index < _keys.Length; index++)
            {
                if (_keys[index].Verify(content, signature[..written]))
                {
                    return index;
                }
            }
        }

        return -1;
    }

    public override void Dispose()
    {
        foreach (var key in _keys)
        {
            key.Dispose();
        }
    }
}

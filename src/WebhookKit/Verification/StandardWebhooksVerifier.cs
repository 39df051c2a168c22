using Microsoft.Extensions.Primitives;
using WebhookKit.Signing;
using WebhookKit.Signing.Ed25519;

namespace WebhookKit.Verification;

/// <summary>
/// Verifies Standard Webhooks 1.0.0: <c>v1</c> (HMAC-SHA256) with secrets, <c>v1a</c> (Ed25519) with verification keys.
/// Never throws on input and allocates nothing when it succeeds.
/// </summary>
/// <remarks>The kinds of keys it is given decide which versions it looks at, whatever the request claims to be signed with.</remarks>
public sealed class StandardWebhooksVerifier : IWebhookVerifier, IDisposable
{
    // Room for ten signatures of each known version, and to spare.
    private const int MaxSignatureHeaderLength = 4096;

    private readonly KeyedHash[] _hashes;
    private readonly PublicKey[] _keys;
    private readonly HeaderNames _names;
    private readonly long _toleranceSeconds;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates a verifier.</summary>
    /// <param name="secrets">The secrets to try in turn, 1 to 10.</param>
    /// <param name="tolerance">The greatest distance, either way and inclusive, between the signed timestamp and now; counted in whole seconds. <see cref="Timeout.InfiniteTimeSpan"/> takes any.</param>
    /// <param name="timeProvider">The clock that says now.</param>
    /// <exception cref="ArgumentException">There is no secret, there are more than ten, or one is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative.</exception>
    public StandardWebhooksVerifier(IReadOnlyList<WebhookSecret> secrets, TimeSpan tolerance, TimeProvider timeProvider)
        : this(secrets, [], tolerance, timeProvider)
    {
    }

    /// <summary>Creates a verifier with secrets, verification keys or both.</summary>
    /// <param name="secrets">The secrets to try in turn.</param>
    /// <param name="verificationKeys">The verification keys to try after them; with the secrets 1 to 10.</param>
    /// <param name="tolerance">The greatest distance, either way and inclusive, between the signed timestamp and now; counted in whole seconds. <see cref="Timeout.InfiniteTimeSpan"/> takes any.</param>
    /// <param name="timeProvider">The clock that says now.</param>
    /// <param name="headerPrefix">What the header names begin with: <c>webhook</c> unless said otherwise.</param>
    /// <exception cref="ArgumentException">There are no keys, there are more than ten, one is null, or the prefix cannot begin a header name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative.</exception>
    public StandardWebhooksVerifier(
        IReadOnlyList<WebhookSecret> secrets,
        IReadOnlyList<WebhookVerificationKey> verificationKeys,
        TimeSpan tolerance,
        TimeProvider timeProvider,
        string headerPrefix = StandardWebhooksHeaders.Prefix)
    {
        if (tolerance != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(tolerance, TimeSpan.Zero);
        }

        ArgumentNullException.ThrowIfNull(timeProvider);
        StandardWebhooksContent.RequireKeys(secrets, verificationKeys);
        _names = new HeaderNames(headerPrefix);
        _hashes = [.. secrets.Select(secret => new KeyedHash(secret))];
        _keys = [.. verificationKeys.Select(key => key.PublicKey)];
        _toleranceSeconds = tolerance == Timeout.InfiniteTimeSpan ? long.MaxValue : (long)tolerance.TotalSeconds;
        _timeProvider = timeProvider;
    }

    /// <inheritdoc/>
    public ValueTask<VerificationResult> VerifyAsync(WebhookRequest request, CancellationToken cancellationToken = default) =>
        new(Verify(request));

    /// <summary>Releases the keyed hash states; a verification that is still running ends as usual.</summary>
    public void Dispose()
    {
        foreach (var hash in _hashes)
        {
            hash.Dispose();
        }
    }

    private VerificationResult Verify(in WebhookRequest request)
    {
        // 1. One header line each.
        var ids = request.Headers[_names.Id];
        if (ids.Count != 1 || ids[0] is not { } id)
        {
            return Refused(ids, VerificationStatus.MissingId, VerificationStatus.DuplicateId);
        }

        var timestamps = request.Headers[_names.Timestamp];
        if (timestamps.Count != 1 || timestamps[0] is not { } timestamp)
        {
            return Refused(timestamps, VerificationStatus.MissingTimestamp, VerificationStatus.DuplicateTimestamp);
        }

        var signatures = request.Headers[_names.Signature];
        if (signatures.Count != 1 || signatures[0] is not { } signature)
        {
            return Refused(signatures, VerificationStatus.MissingSignature, VerificationStatus.DuplicateSignature);
        }

        // 2. Their form.
        if (!StandardWebhooksContent.IsValidId(id))
        {
            return VerificationResult.Refused(VerificationStatus.MalformedId);
        }

        if (!StandardWebhooksContent.TryParseTimestamp(timestamp, out var seconds))
        {
            return VerificationResult.Refused(VerificationStatus.MalformedTimestamp);
        }

        if (signature.Length > MaxSignatureHeaderLength)
        {
            return VerificationResult.Refused(VerificationStatus.MalformedSignature);
        }

        Span<byte> digests = stackalloc byte[StandardWebhooksContent.MaxSignatures * StandardWebhooksContent.SignatureBytes];
        digests = _hashes.Length > 0 ? digests[..SignatureEntries.Decode(signature, digests)] : [];
        Span<byte> asymmetric = _keys.Length > 0
            ? stackalloc byte[StandardWebhooksContent.MaxSignatures * StandardWebhooksContent.AsymmetricSignatureBytes]
            : [];
        asymmetric = asymmetric[..SignatureEntries.DecodeAsymmetric(signature, asymmetric)];
        if (digests.IsEmpty && asymmetric.IsEmpty)
        {
            return VerificationResult.Refused(VerificationStatus.NoUsableSignature);
        }

        // 3. The signature, over the header text as received.
        var keyIndex = FindKey(id, timestamp, request.Body.Span, digests, asymmetric);
        if (keyIndex < 0)
        {
            return VerificationResult.Refused(VerificationStatus.SignatureMismatch);
        }

        // 4. Freshness last: only the holder of a key learns about our clock.
        var signedAt = DateTimeOffset.FromUnixTimeSeconds(seconds);
        var distance = Math.Abs(_timeProvider.GetUtcNow().ToUnixTimeSeconds() - seconds);
        return distance <= _toleranceSeconds
            ? VerificationResult.Verified(id, signedAt, keyIndex)
            : VerificationResult.OutsideTolerance(id, signedAt, keyIndex);
    }

    private static VerificationResult Refused(StringValues lines, VerificationStatus missing, VerificationStatus duplicate) =>
        VerificationResult.Refused(lines.Count > 1 ? duplicate : missing);

    private int FindKey(
        string id, string timestamp, ReadOnlySpan<byte> body, ReadOnlySpan<byte> digests, ReadOnlySpan<byte> asymmetric)
    {
        Span<byte> prefix = stackalloc byte[StandardWebhooksContent.MaxPrefixLength];
        prefix = prefix[..StandardWebhooksContent.WritePrefix(id, timestamp, prefix)];

        Span<byte> expected = stackalloc byte[StandardWebhooksContent.SignatureBytes];
        for (var index = 0; index < _hashes.Length && !digests.IsEmpty; index++)
        {
            _hashes[index].Compute(prefix, body, expected);
            var matches = false;
            for (var rest = digests; !rest.IsEmpty; rest = rest[StandardWebhooksContent.SignatureBytes..])
            {
                matches |= FixedTime.DigestEquals(rest[..StandardWebhooksContent.SignatureBytes], expected);
            }

            if (matches)
            {
                return index;
            }
        }

        for (var index = 0; index < _keys.Length; index++)
        {
            for (var rest = asymmetric; !rest.IsEmpty; rest = rest[StandardWebhooksContent.AsymmetricSignatureBytes..])
            {
                if (_keys[index].Verify(prefix, body, rest[..StandardWebhooksContent.AsymmetricSignatureBytes]))
                {
                    return _hashes.Length + index;
                }
            }
        }

        return -1;
    }
}

using Microsoft.Extensions.Primitives;
using WebhookKit.Secrets;
using WebhookKit.Signing;

namespace WebhookKit.Verification;

/// <summary>
/// Verifies Standard Webhooks 1.0.0, <c>v1</c> (HMAC-SHA256), with one or more secrets. Never throws on input and
/// allocates nothing when it succeeds.
/// </summary>
public sealed class StandardWebhooksVerifier : IWebhookVerifier, IDisposable
{
    // Room for ten signatures of each known version, and to spare.
    private const int MaxSignatureHeaderLength = 4096;

    private readonly KeyedHash[] _hashes;
    private readonly long _toleranceSeconds;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates a verifier.</summary>
    /// <param name="secrets">The secrets to try in turn, 1 to 10.</param>
    /// <param name="tolerance">The greatest distance, either way and inclusive, between the signed timestamp and now; counted in whole seconds.</param>
    /// <param name="timeProvider">The clock that says now.</param>
    /// <exception cref="ArgumentException">There is no secret, there are more than ten, or one is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative.</exception>
    public StandardWebhooksVerifier(IReadOnlyList<WebhookSecret> secrets, TimeSpan tolerance, TimeProvider timeProvider)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tolerance, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(timeProvider);
        _hashes = KeyedHash.ForEach(secrets);
        _toleranceSeconds = (long)tolerance.TotalSeconds;
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
        var ids = request.Headers[StandardWebhooksHeaders.Id];
        if (ids.Count != 1 || ids[0] is not { } id)
        {
            return Refused(ids, VerificationStatus.MissingId, VerificationStatus.DuplicateId);
        }

        var timestamps = request.Headers[StandardWebhooksHeaders.Timestamp];
        if (timestamps.Count != 1 || timestamps[0] is not { } timestamp)
        {
            return Refused(timestamps, VerificationStatus.MissingTimestamp, VerificationStatus.DuplicateTimestamp);
        }

        var signatures = request.Headers[StandardWebhooksHeaders.Signature];
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

        Span<byte> candidates = stackalloc byte[StandardWebhooksContent.MaxSignatures * StandardWebhooksContent.SignatureBytes];
        candidates = candidates[..DecodeSignatures(signature, candidates)];
        if (candidates.IsEmpty)
        {
            return VerificationResult.Refused(VerificationStatus.NoUsableSignature);
        }

        // 3. The signature, over the header text as received.
        var keyIndex = FindKey(id, timestamp, request.Body.Span, candidates);
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

    /// <summary>Decodes the first ten well-formed <c>v1</c> entries and returns how many bytes they fill.</summary>
    private static int DecodeSignatures(ReadOnlySpan<char> header, Span<byte> candidates)
    {
        var filled = 0;
        foreach (var range in header.Split(' '))
        {
            var entry = header[range];
            if (filled < candidates.Length
                && entry.Length == StandardWebhooksContent.EntryChars
                && entry.StartsWith(StandardWebhooksContent.Version, StringComparison.Ordinal)
                && StrictBase64.TryDecode(entry[StandardWebhooksContent.Version.Length..], candidates[filled..], out var written)
                && written == StandardWebhooksContent.SignatureBytes)
            {
                filled += written;
            }
        }

        return filled;
    }

    private int FindKey(string id, string timestamp, ReadOnlySpan<byte> body, ReadOnlySpan<byte> candidates)
    {
        Span<byte> prefix = stackalloc byte[StandardWebhooksContent.MaxPrefixLength];
        prefix = prefix[..StandardWebhooksContent.WritePrefix(id, timestamp, prefix)];

        Span<byte> expected = stackalloc byte[StandardWebhooksContent.SignatureBytes];
        for (var index = 0; index < _hashes.Length; index++)
        {
            _hashes[index].Compute(prefix, body, expected);
            var matches = false;
            for (var rest = candidates; !rest.IsEmpty; rest = rest[StandardWebhooksContent.SignatureBytes..])
            {
                matches |= FixedTime.DigestEquals(rest[..StandardWebhooksContent.SignatureBytes], expected);
            }

            if (matches)
            {
                return index;
            }
        }

        return -1;
    }
}

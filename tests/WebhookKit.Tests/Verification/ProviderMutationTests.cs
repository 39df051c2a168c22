using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Primitives;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

/// <summary>Every published example, changed in every place: it must end in a verdict, and never in the right one.</summary>
public sealed class ProviderMutationTests : IDisposable
{
    private const int Positions = 48;

    private SignatureVector? _vector;
    private IWebhookVerifier? _verifier;

    public static TheoryData<string> Ids => [.. SignedVectors.Ids];

    public void Dispose() => (_verifier as IDisposable)?.Dispose();

    [Theory]
    [MemberData(nameof(Ids))]
    public void Verify_BodyChanged_NeverVerifies(string id)
    {
        Use(id);
        var body = _vector!.ToRequest().Body.ToArray();
        foreach (var changed in BodiesFrom(body).Where(changed => !changed.AsSpan().SequenceEqual(body)))
        {
            var verified = Verifies(SignedVectors.WithBody(_vector, changed));
            Assert.False(
                verified && SignedVectors.CoversBody(_vector), $"{id} verifies a body of {changed.Length} bytes instead of {body.Length}.");
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Verify_HeaderChanged_NeverVerifies(string id)
    {
        Use(id);
        foreach (var header in Relevant())
        {
            var line = SignedVectors.Line(_vector!, header);
            var items = RelevantItems(header, line);
            foreach (var changed in TextsFrom(line).Where(changed => changed != line))
            {
                var verified = Verifies(SignedVectors.With(_vector!, header, changed));
                Assert.False(
                    verified && !SaysTheSame(header, changed, items), $"{id} verifies with {header}: {changed[..Math.Min(changed.Length, 300)]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Verify_HeaderOnSeveralLinesOrNone_NeverVerifies(string id)
    {
        Use(id);
        foreach (var header in Relevant().Where(header => header != "Content-Type"))
        {
            var line = SignedVectors.Line(_vector!, header);
            Assert.False(Verifies(SignedVectors.With(_vector!, header, StringValues.Empty)), $"{id} verifies without {header}.");
            Assert.False(Verifies(SignedVectors.With(_vector!, header, new StringValues([null]))), $"{id} verifies with a null {header}.");

            // Mollie sends several; elsewhere joining them could make a list of two bad values.
            var repeated = Verifies(SignedVectors.With(_vector!, header, new StringValues([line, line])));
            Assert.False(
                repeated && SignedVectors.ProviderOf(_vector!).Signature?.AllowsRepeatedHeader is not true, $"{id} verifies with two lines of {header}.");
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Verify_UrlChanged_NeverVerifiesWhereItIsSigned(string id)
    {
        Use(id);
        if (_vector!.ToRequest().Url is not { } url || Verifies(SignedVectors.WithUrl(_vector, null)))
        {
            return;
        }

        // Contentful does not sign the host, and Twilio's own rule takes several forms of it: what follows is changed.
        var path = url.IndexOf('/', url.IndexOf("://", StringComparison.Ordinal) + 3) + 1;
        var changes = TextsFrom(url[path..]).Select(changed => url[..path] + changed)
            .Concat(["", "?", "://", "https://", "https://[", "https://a@b:c/", "file:///etc/passwd", new string('u', 100_000)]);
        foreach (var changed in changes.Where(changed => changed != url))
        {
            // A message signature may cover the host alone, and no signature covers what a client keeps for itself.
            var isCovered = _vector.EntryName != "rfc9421" && !changed.StartsWith(url + "#", StringComparison.Ordinal);
            Assert.False(Verifies(SignedVectors.WithUrl(_vector, changed)) && isCovered, $"{id} verifies with {changed[..Math.Min(changed.Length, 300)]}");
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Verify_AtTheEdgesOfTheTolerance_IsFreshWithinAndStaleBeyond(string id)
    {
        var vector = SignedVectors.Get(id);
        var provider = SignedVectors.ProviderOf(vector);
        var tolerance = vector.Tolerance ?? provider.DefaultTolerance;
        if (tolerance == Timeout.InfiniteTimeSpan || VerifyAt(vector, vector.Now).Timestamp is not { } signedAt)
        {
            return;
        }

        // Tokens say themselves when they end, and Contentful's tolerance ends a moment before.
        if (provider.Name is not ("google-pubsub" or "monday" or "messagebird"))
        {
            var within = provider.Name == "contentful" ? tolerance - TimeSpan.FromSeconds(1) : tolerance;
            Assert.True(VerifyAt(vector, signedAt + within).IsVerified);
            Assert.True(VerifyAt(vector, signedAt - within).IsVerified);
            Assert.Equal(VerificationStatus.TimestampOutsideTolerance, VerifyAt(vector, signedAt - tolerance - TimeSpan.FromSeconds(1)).Status);
            Assert.Equal(VerificationStatus.TimestampOutsideTolerance, VerifyAt(vector, signedAt + tolerance + TimeSpan.FromSeconds(1)).Status);
        }

        Assert.Equal(VerificationStatus.TimestampOutsideTolerance, VerifyAt(vector, signedAt.AddYears(10)).Status);
        Assert.Equal(VerificationStatus.TimestampOutsideTolerance, VerifyAt(vector, DateTimeOffset.MaxValue).Status);
    }

    [Fact]
    public void Verify_ArbitraryHeadersAndBodies_NeverVerifiesNorThrows()
    {
        var ids = SignedVectors.Ids.ToArray();
        var verifiers = ids.ToDictionary(id => id, id => VectorJudge.CreateVerifier(SignedVectors.Get(id), SignedVectors.ProviderOf(SignedVectors.Get(id)), out _)!);
        var character = Gen.Frequency((6, Gen.Choose(0x20, 0x7E)), (1, Gen.Choose(0, 0xFFFF))).Select(code => (char)code);
        var text = Gen.OneOf(
            character.ArrayOf().Select(characters => new string(characters)),
            Gen.Elements("v1=", "t=", ",", ";", "=", ".", "sha256=", "e30", "eyJhbGciOiJub25lIn0", ":", "\"", "(", ")", "v0=", "1750000000").ListOf().Select(parts => string.Concat(parts)));
        var mutation =
            from id in Gen.Elements(ids)
            from header in Gen.Choose(0, 100)
            from value in text
            from body in Gen.OneOf(text, Gen.Elements("{}", "[]", "{\"signature\":{}}", "{\"notificationItems\":[{}]}", "{\"Type\":\"Notification\"}", new string('[', 200)))
            from both in Gen.Choose(0, 2)
            select (id, header, value, body, both);
        try
        {
            Prop.ForAll(mutation.ToArbitrary(), m =>
            {
                var vector = SignedVectors.Get(m.id);
                var names = vector.HeaderNames.ToArray();
                var request = m.both == 0 || names.Length == 0
                    ? SignedVectors.WithBody(vector, Encoding.UTF8.GetBytes(m.body))
                    : SignedVectors.With(vector, names[m.header % names.Length], m.value);
                var verified = verifiers[m.id].VerifyAsync(request, CancellationToken.None).AsTask().GetAwaiter().GetResult().IsVerified;

                // What is not covered may be anything; the tests above say exactly what that is.
                return !verified
                    || m.both > 0
                    || !SignedVectors.CoversBody(vector)
                    || request.Body.Span.SequenceEqual(vector.ToRequest().Body.Span);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
        }
        finally
        {
            foreach (var verifier in verifiers.Values.OfType<IDisposable>())
            {
                verifier.Dispose();
            }
        }
    }

    private static IEnumerable<byte[]> BodiesFrom(byte[] body)
    {
        foreach (var at in Spread(body.Length))
        {
            foreach (var bit in (int[])[0, 5])
            {
                var flipped = body.ToArray();
                flipped[at] ^= (byte)(1 << bit);
                yield return flipped;
            }

            yield return body[..at];
            yield return [.. body[..at], .. body[(at + 1)..]];
        }

        yield return [];
        yield return [.. body, .. body];
        yield return [.. "\uFEFF"u8, .. body];
        yield return [.. body, (byte)'\n'];
        yield return [.. body, 0];
        yield return [(byte)' ', .. body];
        yield return [.. body, .. new byte[1024 * 1024]];
        yield return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("\n", "\r\n", StringComparison.Ordinal));
        yield return Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body));
    }

    private static IEnumerable<string> TextsFrom(string text)
    {
        foreach (var at in Spread(text.Length))
        {
            yield return text[..at] + (char)(text[at] ^ 1) + text[(at + 1)..];
            yield return text[..at];
            yield return text[..at] + text[(at + 1)..];
            yield return text[..at] + "\0" + text[at..];
            yield return text[..at] + "é" + text[at..];
        }

        yield return "";
        yield return " ";
        yield return text + text;
        yield return text + "," + text;
        yield return text + "A";
        yield return text.ToUpperInvariant();
        yield return text.ToLowerInvariant();
        yield return text + " ";
        yield return " " + text;
        yield return "\uFEFF" + text;
        yield return text.Replace('+', '-').Replace('/', '_').TrimEnd('=');
        yield return Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        yield return Convert.ToHexString(Encoding.UTF8.GetBytes(text));
        yield return new string('a', 100_000);
        yield return text + new string(' ', 100_000);
    }

    private static IEnumerable<int> Spread(int length) =>
        Enumerable.Range(0, Math.Min(length, Positions)).Select(step => (int)((long)step * length / Math.Min(length, Positions)));

    private void Use(string id)
    {
        _vector = SignedVectors.Get(id);
        _verifier = VectorJudge.CreateVerifier(_vector, SignedVectors.ProviderOf(_vector), out _);
        Assert.True(Verifies(_vector.ToRequest()));
    }

    private bool Verifies(WebhookRequest request) =>
        _verifier!.VerifyAsync(request, CancellationToken.None).AsTask().GetAwaiter().GetResult().IsVerified;

    /// <summary>The headers without which the example does not verify.</summary>
    private List<string> Relevant() =>
        [.. _vector!.HeaderNames.Where(name => !Verifies(SignedVectors.With(_vector!, name, StringValues.Empty)))];

    /// <summary>Of a header of several items those without which the example does not verify.</summary>
    private string[] RelevantItems(string header, string line)
    {
        if (SignedVectors.SeparatorOf(SignedVectors.ProviderOf(_vector!)) is not { } separator || !line.Contains(separator, StringComparison.Ordinal))
        {
            return [];
        }

        var items = line.Split(separator);
        return [.. items.Where(item => !Verifies(SignedVectors.With(_vector!, header, string.Join(separator, items.Where(other => other != item)))))];
    }

    private bool SaysTheSame(string header, string changed, string[] relevantItems)
    {
        if (SignedVectors.SaysTheSame(_vector!, header, changed))
        {
            return true;
        }

        if (SignedVectors.SeparatorOf(SignedVectors.ProviderOf(_vector!)) is not { } separator)
        {
            return false;
        }

        // The items that count are all there; what stands beside them does not count.
        var items = changed.Split(separator).Select(item => item.Trim(' ')).ToArray();
        var counting = relevantItems.Length > 0 ? relevantItems : [SignedVectors.Line(_vector!, header)];
        return counting.All(item => items.Contains(item.Trim(' '), StringComparer.Ordinal));
    }

    private static VerificationResult VerifyAt(SignatureVector vector, DateTimeOffset now)
    {
        var verifier = VectorJudge.CreateVerifier(vector, SignedVectors.ProviderOf(vector), out _, new FakeTimeProvider(now))!;
        using var lifetime = verifier as IDisposable;
        return verifier.VerifyAsync(vector.ToRequest(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }
}

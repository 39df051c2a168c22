using System.Text;
using FsCheck;
using FsCheck.Fluent;
using WebhookKit.Signing;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

public sealed class AsymmetricVerificationTests : IDisposable
{
    private static readonly WebhookSigningKey Key = WebhookSigningKey.Generate();
    private static readonly SignedRequest Unsigned = new();

    private readonly StandardWebhooksVerifier _verifier = Verifier([], [Key.VerificationKey]);

    public void Dispose() => _verifier.Dispose();

    [Fact]
    public void Verify_SignedByTheKey_Verifies()
    {
        var result = Verify(_verifier, Entry(Key));

        Assert.Equal(VerificationStatus.Verified, result.Status);
        Assert.Equal(("msg_1", SignedRequest.SignedAt, 0), (result.Id, result.Timestamp, result.KeyIndex));
    }

    [Fact]
    public void Verify_RotationOfKeys_SaysWhichMatched()
    {
        var (old, secret) = (WebhookSigningKey.Generate(), WebhookSecret.Parse(SignedRequest.OfficialSecret));
        using var verifier = Verifier([secret], [Key.VerificationKey, old.VerificationKey]);

        Assert.Equal(0, Verify(verifier, Unsigned.Entry()).KeyIndex);
        Assert.Equal(1, Verify(verifier, Entry(Key)).KeyIndex);
        Assert.Equal(2, Verify(verifier, Entry(old)).KeyIndex);
        Assert.Equal(2, Verify(verifier, $"v2,AAAA {Entry(WebhookSigningKey.Generate())} {Entry(old)}").KeyIndex);
        Assert.Equal(VerificationStatus.SignatureMismatch, Verify(verifier, Entry(WebhookSigningKey.Generate())).Status);
    }

    [Fact]
    public void Verify_TheOtherVersionOnly_IsNotLookedAt()
    {
        using var symmetric = Verifier([WebhookSecret.Parse(SignedRequest.OfficialSecret)], []);

        Assert.Equal(VerificationStatus.NoUsableSignature, Verify(_verifier, Unsigned.Entry()).Status);
        Assert.Equal(VerificationStatus.NoUsableSignature, Verify(symmetric, Entry(Key)).Status);
        Assert.Equal(VerificationStatus.Verified, Verify(_verifier, $"{Unsigned.Entry()} {Entry(Key)}").Status);
        Assert.Equal(VerificationStatus.Verified, Verify(symmetric, $"{Entry(Key)} {Unsigned.Entry()}").Status);

        // A digest under the public key as secret must not do: that key is public.
        var forged = "whsec_" + Key.VerificationKey.ToString()[5..];
        Assert.Equal(VerificationStatus.NoUsableSignature, Verify(_verifier, Unsigned.Entry(forged)).Status);
        Assert.Equal(
            VerificationStatus.NoUsableSignature,
            Verify(_verifier, Unsigned.Entry(forged).Replace("v1,", "v1a,", StringComparison.Ordinal)).Status);
    }

    [Fact]
    public void Verify_EleventhSignature_IsNotTried()
    {
        var other = Entry(WebhookSigningKey.Generate());

        Assert.Equal(VerificationStatus.Verified, Verify(_verifier, string.Join(' ', Enumerable.Repeat(other, 9).Append(Entry(Key)))).Status);
        Assert.Equal(
            VerificationStatus.SignatureMismatch, Verify(_verifier, string.Join(' ', Enumerable.Repeat(other, 10).Append(Entry(Key)))).Status);
    }

    [Fact]
    public void Verify_OutsideTolerance_IsSaidAfterTheSignature()
    {
        using var later = Verifier([], [Key.VerificationKey], SignedRequest.SignedAt.AddMinutes(6));

        Assert.Equal(VerificationStatus.TimestampOutsideTolerance, Verify(later, Entry(Key)).Status);
    }

    [Fact]
    public void Verify_OneCharacterOfTheEntryOrByteOfTheBodyChanged_NeverVerifies()
    {
        var entry = Entry(Key);
        for (var at = 0; at < entry.Length; at++)
        {
            foreach (var character in "A+/=g ,\0é")
            {
                var changed = entry[..at] + character + entry[(at + 1)..];
                Assert.True(changed == entry || !Verify(_verifier, changed).IsVerified, changed);
            }
        }

        for (var at = 0; at < Unsigned.Body.Length; at++)
        {
            var body = Unsigned.Body.ToArray();
            body[at] ^= 0x40;
            Assert.False(Verify(_verifier, (Unsigned with { Body = body, Signature = entry }).ToRequest()).IsVerified);
        }
    }

    [Fact]
    public void Verify_ArbitrarySignatures_NeverVerifyNorThrow()
    {
        var entries =
            from bytes in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(64)
            from version in Gen.Elements("v1a,", "v1,", "v1a", "")
            from more in Gen.Elements("", " ", " v1a,", "=")
            select version + Convert.ToBase64String(bytes) + more;

        Prop.ForAll(entries.ToArbitrary(), entry => !Verify(_verifier, entry).IsVerified)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Theory]
    [InlineData(256)]
    [InlineData(102_400)]
    public void Verify_SecondKeyMatches_AllocatesNothing(int bodyBytes)
    {
        var unsigned = new SignedRequest { Body = new byte[bodyBytes] };
        var request = (unsigned with { Signature = Entry(Key, unsigned) }).ToRequest();
        using var verifier = Verifier([], [WebhookSigningKey.Generate().VerificationKey, Key.VerificationKey]);
        Assert.Equal(50, Verified(50));

        // A collection may empty the framework's pool of buffers meanwhile.
        Assert.Contains(0, Enumerable.Range(0, 5).Select(_ => Allocated()).ToArray());

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var verified = Verified(50);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(50, verified);
            return allocated;
        }

        int Verified(int times)
        {
            var count = 0;
            for (var i = 0; i < times; i++)
            {
                count += verifier.VerifyAsync(request).Result.IsVerified ? 1 : 0;
            }

            return count;
        }
    }

    [Fact]
    public void Verify_OtherHeaderPrefix_ReadsOnlyThoseHeaders()
    {
        using var svix = new StandardWebhooksVerifier(
            [], [Key.VerificationKey], TimeSpan.FromMinutes(5), new FakeTimeProvider(SignedRequest.SignedAt), "svix");
        var lines = new[] { ("id", "msg_1"), ("timestamp", "1750000000"), ("signature", Entry(Key)) };
        WebhookRequest Under(string prefix) => new(
            "POST", null, WebhookHeaders.Create(lines.Select(line => KeyValuePair.Create($"{prefix}-{line.Item1}", line.Item2))), Unsigned.Body);

        Assert.True(Verify(svix, Under("Svix")).IsVerified);
        Assert.Equal(VerificationStatus.MissingId, Verify(svix, Under("webhook")).Status);
    }

    [Fact]
    public void Provider_VerificationKeyAsSecret_MakesAVerifierForIt()
    {
        var provider = WebhookProviders.StandardWebhooks;
        Assert.Null(provider.ValidateSecret(Key.VerificationKey.ToString()));
        Assert.Contains("whpk_", provider.ValidateSecret(Key.Reveal()), StringComparison.Ordinal);
        Assert.Contains("Ed25519", provider.ValidateSecret("whpk_" + Convert.ToBase64String(new byte[32])), StringComparison.Ordinal);

        using var verifier = (StandardWebhooksVerifier)provider.CreateVerifier(new VerifierContext
        {
            Secrets = [Key.VerificationKey.ToString(), SignedRequest.OfficialSecret],
            Tolerance = TimeSpan.FromMinutes(5),
            TimeProvider = new FakeTimeProvider(SignedRequest.SignedAt),
        });

        Assert.True(Verify(verifier, Entry(Key)).IsVerified);
        Assert.True(Verify(verifier, Unsigned.Entry()).IsVerified);
    }

    private static StandardWebhooksVerifier Verifier(
        WebhookSecret[] secrets, WebhookVerificationKey[] keys, DateTimeOffset? now = null) =>
        new(secrets, keys, TimeSpan.FromMinutes(5), new FakeTimeProvider(now ?? SignedRequest.SignedAt));

    private static VerificationResult Verify(StandardWebhooksVerifier verifier, string signature) =>
        Verify(verifier, (Unsigned with { Signature = signature }).ToRequest());

    private static VerificationResult Verify(StandardWebhooksVerifier verifier, WebhookRequest request) => verifier.VerifyAsync(request).Result;

    private static string Entry(WebhookSigningKey key, SignedRequest? unsigned = null)
    {
        var body = (unsigned ?? Unsigned).Body;
        var signature = new byte[64];
        key.PrivateKey.Sign(Encoding.ASCII.GetBytes($"{Unsigned.Id}.{Unsigned.Timestamp}."), body, signature);
        return "v1a," + Convert.ToBase64String(signature);
    }
}

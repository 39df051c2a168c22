using System.Security.Cryptography;
using System.Text;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

public class OwnProviderTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_750_000_000);

    private static readonly WebhookProvider Own = new()
    {
        Name = "own",
        Signature = new()
        {
            Header = "X-Own-Signature",
            Prefix = "sha512=",
            TimestampHeader = "X-Own-Time",
            Content = "{method} {timestamp}:{header:X-Own-Nonce}:{body}",
            Algorithm = SignatureAlgorithm.HmacSha512,
            Encoding = SignatureEncoding.Base64Url,
        },
    };

    [Fact]
    public async Task Verify_ProviderInAFewLines_AcceptsItsSignatureAndNoOther()
    {
        using var verifier = (IDisposable)Own.CreateVerifier(Context("other", "own-secret"));

        Assert.Equal((VerificationStatus.Verified, 1), await VerifyAsync(verifier, "n1", "n1"));
        Assert.Equal((VerificationStatus.SignatureMismatch, -1), await VerifyAsync(verifier, "n1", "n2"));
        Assert.Equal((VerificationStatus.MissingSignedHeader, -1), await VerifyAsync(verifier, "n1", null));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Verify_SecondSecretMatches_AllocatesNothing(int bodyBytes)
    {
        var body = new byte[bodyBytes];
        using var verifier = (IDisposable)Own.CreateVerifier(Context("other", "own-secret"));
        var request = Request("n1", "n1", body);
        Assert.Equal(100, Verified(100));

        // What the runtime itself allocates now and then does not come every time; what a verification does would.
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var verified = Verified(1000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(1000, verified);
        }

        Assert.Equal(0, least);

        int Verified(int times)
        {
            var count = 0;
            for (var i = 0; i < times; i++)
            {
                count += ((IWebhookVerifier)verifier).VerifyAsync(request).Result.IsVerified ? 1 : 0;
            }

            return count;
        }
    }

    [Theory]
    [InlineData("{bdy}", "no placeholder")]
    [InlineData("{timestamp}", "{body}")]
    [InlineData("{body}{body}", "{body}")]
    [InlineData("{body", "without '}'")]
    [InlineData("{id}.{body}", "IdHeader")]
    [InlineData("{timestamp}.{body}", "TimestampHeader")]
    public void Validate_ContentThatIsNotWhole_NamesTheCure(string content, string cure) =>
        Assert.Contains(cure, new SignatureRule { Header = "X", Content = content }.Validate(), StringComparison.Ordinal);

    [Fact]
    public void Validate_RuleThatIsNotWhole_NamesTheCure()
    {
        Assert.Null(Own.Signature!.Validate());
        Assert.Contains("Header", new SignatureRule { Header = "" }.Validate(), StringComparison.Ordinal);
        Assert.Contains("Separator", new SignatureRule { Header = "X", Labels = ["v1"] }.Validate(), StringComparison.Ordinal);
        Assert.Contains("{id}", new SignatureRule { Header = "X", IdHeader = "Y" }.Validate(), StringComparison.Ordinal);
        Assert.Contains("JSON pointer", new SignatureRule { Header = "X", TimestampPointer = "at" }.Validate(), StringComparison.Ordinal);
    }

    [Fact]
    public void CreateVerifier_EntryWithoutARule_SaysSo()
    {
        var provider = new WebhookProvider { Name = "empty" };

        Assert.Contains("'empty'", Assert.Throws<InvalidOperationException>(() => provider.CreateVerifier).Message, StringComparison.Ordinal);
        Assert.Contains("Signature", Assert.Throws<InvalidOperationException>(() => provider.ValidateSecret).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KeyForm.Text, "")]
    [InlineData(KeyForm.Text, "   ")]
    [InlineData(KeyForm.Text, "s3cr3t\n")]
    [InlineData(KeyForm.Base64, "no base64")]
    [InlineData(KeyForm.Base64, "QR==")]
    [InlineData(KeyForm.Hex, "abc")]
    [InlineData(KeyForm.Hex, "xyz0")]
    public void ValidateSecret_NoSuchKey_NamesTheCureAndNotTheSecret(KeyForm form, string secret)
    {
        var error = new SignatureRule { Header = "X", KeyForm = form }.ValidateSecret(secret);

        Assert.Contains("copy it", error, StringComparison.Ordinal);
        Assert.True(secret.Trim().Length == 0 || !error!.Contains(secret.Trim(), StringComparison.Ordinal));
    }

    [Fact]
    public void CreateVerifier_NoOrTooManySecrets_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Own.CreateVerifier(Context()));
        Assert.Throws<ArgumentException>(() => Own.CreateVerifier(Context([.. Enumerable.Range(0, 11).Select(number => $"secret-{number}")])));
    }

    [Fact]
    public void All_EveryEntry_HasANameOfItsOwnAndIsFoundByIt()
    {
        Assert.All(WebhookProviders.All, provider =>
        {
            Assert.True(WebhookProviders.TryGet(provider.Name.ToUpperInvariant(), out var found));
            Assert.Same(provider, found);
            Assert.Null(provider.Signature?.Validate());
            Assert.NotNull(provider.ValidateSecret(""));
            Assert.NotNull(provider.CreateVerifier);
        });
        Assert.Equal(WebhookProviders.All.Count, WebhookProviders.All.Select(provider => provider.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [InlineData("2025-06-15T15:06:40Z", 0)]
    [InlineData("2025-06-15T15:06:40.618908427Z", 6_189_084)]
    [InlineData("2025-06-15T17:06:40.5+02:00", 5_000_000)]
    [InlineData("2025-06-15T08:06:40-07:00", 0)]
    public void TryParse_Rfc3339_ReadsFractionAndOffset(string text, long ticks)
    {
        Assert.True(TimestampText.TryParse(text, TimestampFormat.Rfc3339, out var instant));
        Assert.Equal(Now.AddTicks(ticks), instant);
    }

    [Theory]
    [InlineData("2025-06-15T15:06:40")]
    [InlineData("2025-06-15 15:06:40Z")]
    [InlineData("2025-06-15T15:06:40.Z")]
    [InlineData("2025-06-15T15:06:40.1234567890Z")]
    [InlineData("2025-06-15T15:06:40+2:00")]
    [InlineData("2025-06-31T15:06:40Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("1750000000")]
    public void TryParse_NotRfc3339_SaysNo(string text) => Assert.False(TimestampText.TryParse(text, TimestampFormat.Rfc3339, out _));

    private static VerifierContext Context(params string[] secrets) => new()
    {
        Secrets = secrets,
        Tolerance = TimeSpan.FromMinutes(5),
        TimeProvider = new FakeTimeProvider(Now),
    };

    private static async Task<(VerificationStatus Status, int Key)> VerifyAsync(IDisposable verifier, string signedNonce, string? sentNonce)
    {
        var result = await ((IWebhookVerifier)verifier).VerifyAsync(Request(signedNonce, sentNonce, "{}"u8.ToArray()), CancellationToken.None);
        return (result.Status, result.KeyIndex);
    }

    private static WebhookRequest Request(string signedNonce, string? sentNonce, byte[] body)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"POST {Now.ToUnixTimeSeconds()}:{signedNonce}:"), .. body];
        var signature = Convert.ToBase64String(HMACSHA512.HashData("own-secret"u8, content)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        List<KeyValuePair<string, string>> headers =
        [
            new("X-Own-Signature", "sha512=" + signature), new("X-Own-Time", $"{Now.ToUnixTimeSeconds()}"),
        ];
        if (sentNonce is not null)
        {
            headers.Add(new("X-Own-Nonce", sentNonce));
        }

        return new WebhookRequest("POST", null, WebhookHeaders.Create(headers), body);
    }
}

using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;
using WebhookKit.Signing;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

public class StandardWebhooksVerifierTests
{
    private static readonly SignedRequest Valid = new();
    private static readonly string OtherSecret = "whsec_" + Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray());

    [Fact]
    public void Verify_SignedRequest_ReturnsVerifiedWithIdTimestampAndKey()
    {
        var result = Verify(Valid);

        Assert.True(result.IsVerified);
        Assert.Equal(VerificationStatus.Verified, result.Status);
        Assert.Equal("msg_1", result.Id);
        Assert.Equal(SignedRequest.SignedAt, result.Timestamp);
        Assert.Equal(0, result.KeyIndex);
    }

    [Fact]
    public void Verify_EmptyBody_ReturnsVerified() => Assert.True(Verify(Valid with { Body = [] }).IsVerified);

    [Fact]
    public void Verify_BodyThatIsNotText_ReturnsVerified() =>
        Assert.True(Verify(Valid with { Body = [0xEF, 0xBB, 0xBF, 0xFF, 0x00, 0x0D, 0x0A] }).IsVerified);

    [Fact]
    public void Verify_OtherSecret_ReturnsSignatureMismatch()
    {
        var result = Verify(Valid with { Signature = Valid.Entry(OtherSecret) });

        Assert.Equal(VerificationStatus.SignatureMismatch, result.Status);
        Assert.Null(result.Id);
        Assert.Null(result.Timestamp);
        Assert.Equal(-1, result.KeyIndex);
    }

    [Fact]
    public void Verify_SecondOfTwoSecrets_ReturnsItsIndex()
    {
        var result = Verify(Valid, secrets: [OtherSecret, SignedRequest.OfficialSecret]);

        Assert.True(result.IsVerified);
        Assert.Equal(1, result.KeyIndex);
    }

    [Fact]
    public async Task Verify_WhatASignerWithTwoSecretsMade_AcceptsEitherSecret()
    {
        var (old, fresh) = (WebhookSecret.Generate(), WebhookSecret.Generate());
        using var signer = new StandardWebhooksSigner([old, fresh]);
        var headers = await signer.SignAsync(new("msg_2", SignedRequest.SignedAt, Valid.Body), CancellationToken.None);
        var request = new WebhookRequest("POST", null, WebhookHeaders.Create(headers), Valid.Body);

        foreach (var secret in (WebhookSecret[])[old, fresh])
        {
            Assert.True(Verify(request, secrets: [secret.Reveal()]).IsVerified);
        }

        Assert.Equal(VerificationStatus.SignatureMismatch, Verify(request, secrets: [OtherSecret]).Status);
    }

    [Theory]
    [InlineData(null, VerificationStatus.MissingId)]
    [InlineData("", VerificationStatus.MalformedId)]
    [InlineData("msg.1", VerificationStatus.MalformedId)]
    [InlineData("msg 1", VerificationStatus.MalformedId)]
    [InlineData("msg_1\n", VerificationStatus.MalformedId)]
    [InlineData("msg\u007f", VerificationStatus.MalformedId)]
    [InlineData("msg\0", VerificationStatus.MalformedId)]
    [InlineData("msgé", VerificationStatus.MalformedId)]
    [InlineData("msg\uD83D\uDE00", VerificationStatus.MalformedId)]
    [InlineData("~!#\"{}", VerificationStatus.Verified)]
    public void Verify_Id_IsVisibleAsciiWithoutDot(string? id, VerificationStatus expected) =>
        Assert.Equal(expected, Verify(Valid with { Id = id }).Status);

    [Theory]
    [InlineData(256, VerificationStatus.Verified)]
    [InlineData(257, VerificationStatus.MalformedId)]
    [InlineData(100_000, VerificationStatus.MalformedId)]
    public void Verify_IdLength_IsBounded(int length, VerificationStatus expected) =>
        Assert.Equal(expected, Verify(Valid with { Id = new string('x', length) }).Status);

    [Theory]
    [InlineData(null, VerificationStatus.MissingTimestamp)]
    [InlineData("", VerificationStatus.MalformedTimestamp)]
    [InlineData("hello", VerificationStatus.MalformedTimestamp)]
    [InlineData("+1750000000", VerificationStatus.MalformedTimestamp)]
    [InlineData("-1750000000", VerificationStatus.MalformedTimestamp)]
    [InlineData(" 1750000000", VerificationStatus.MalformedTimestamp)]
    [InlineData("1750000000 ", VerificationStatus.MalformedTimestamp)]
    [InlineData("1750000000\0", VerificationStatus.MalformedTimestamp)]
    [InlineData("1750000000.0", VerificationStatus.MalformedTimestamp)]
    [InlineData("1,750,000,000", VerificationStatus.MalformedTimestamp)]
    [InlineData("1e9", VerificationStatus.MalformedTimestamp)]
    [InlineData("0x68", VerificationStatus.MalformedTimestamp)]
    [InlineData("١٧٥٠٠٠٠٠٠٠", VerificationStatus.MalformedTimestamp)]
    [InlineData("253402300800", VerificationStatus.MalformedTimestamp)]
    [InlineData("9223372036854775807", VerificationStatus.MalformedTimestamp)]
    [InlineData("9223372036854775808", VerificationStatus.MalformedTimestamp)]
    [InlineData("99999999999999999999999999999999999999", VerificationStatus.MalformedTimestamp)]
    [InlineData("000000000001750000000", VerificationStatus.MalformedTimestamp)]
    [InlineData("253402300799", VerificationStatus.TimestampOutsideTolerance)]
    [InlineData("0", VerificationStatus.TimestampOutsideTolerance)]
    [InlineData("01750000000", VerificationStatus.Verified)]
    public void Verify_Timestamp_IsDigitsAloneAndSignedAsReceived(string? timestamp, VerificationStatus expected) =>
        Assert.Equal(expected, Verify(Valid with { Timestamp = timestamp }).Status);

    [Theory]
    [InlineData(0, VerificationStatus.Verified)]
    [InlineData(300, VerificationStatus.Verified)]
    [InlineData(300.999, VerificationStatus.Verified)]
    [InlineData(301, VerificationStatus.TimestampOutsideTolerance)]
    [InlineData(-300, VerificationStatus.Verified)]
    [InlineData(-300.001, VerificationStatus.TimestampOutsideTolerance)]
    [InlineData(-301, VerificationStatus.TimestampOutsideTolerance)]
    public void Verify_Distance_IsInclusiveInWholeSeconds(double secondsLater, VerificationStatus expected)
    {
        var result = Verify(Valid.ToRequest(), now: SignedRequest.SignedAt.AddSeconds(secondsLater));

        Assert.Equal(expected, result.Status);
        Assert.Equal("msg_1", result.Id);
        Assert.Equal(0, result.KeyIndex);
    }

    [Fact]
    public async Task Verify_InfiniteTolerance_TakesAnyTimestamp()
    {
        using var verifier = new StandardWebhooksVerifier(
            [WebhookSecret.Parse(SignedRequest.OfficialSecret)], Timeout.InfiniteTimeSpan, new FakeTimeProvider(SignedRequest.SignedAt.AddYears(10)));

        Assert.True((await verifier.VerifyAsync(Valid.ToRequest(), CancellationToken.None)).IsVerified);
    }

    [Fact]
    public void Verify_StaleAndForged_ReturnsSignatureMismatch() =>
        Assert.Equal(
            VerificationStatus.SignatureMismatch,
            Verify((Valid with { Signature = Valid.Entry(OtherSecret) }).ToRequest(), now: SignedRequest.SignedAt.AddYears(1)).Status);

    [Fact]
    public void Verify_NoSignatureHeader_ReturnsMissingSignature() =>
        Assert.Equal(
            VerificationStatus.MissingSignature,
            Verify(new WebhookRequest("POST", null, WebhookHeaders.Create([new("webhook-id", "a"), new("webhook-timestamp", "1")]), default)).Status);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("v1")]
    [InlineData("v1,")]
    [InlineData("v1, v1,")]
    [InlineData("v1,=")]
    [InlineData("v1,QQ==")]
    [InlineData("V1,{0}")]
    [InlineData("v2,{0}")]
    [InlineData("v1a,{0}")]
    [InlineData("v11,{0}")]
    [InlineData("{0}")]
    [InlineData(",{0}")]
    [InlineData("v1 ,{0}")]
    [InlineData("v1, {0}")]
    [InlineData("v1={0}")]
    [InlineData("v1,{0},v1,{0}")]
    [InlineData("v1,{0}\tv1,{0}")]
    [InlineData("v1,{0}=")]
    [InlineData("v1,{0}\n")]
    [InlineData("v1,ä{0}")]
    public void Verify_SignatureHeaderWithoutWellFormedEntry_ReturnsNoUsableSignature(string header) =>
        Assert.Equal(
            VerificationStatus.NoUsableSignature,
            Verify(Valid with { Signature = header.Replace("{0}", Valid.Entry()["v1,".Length..], StringComparison.Ordinal) }).Status);

    [Fact]
    public void Verify_SignatureWithUnusedBitsSet_ReturnsNoUsableSignature()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        var entry = Valid.Entry();
        for (var bits = 1; bits < 4; bits++)
        {
            var last = Alphabet[Alphabet.IndexOf(entry[^2], StringComparison.Ordinal) + bits];
            Assert.Equal(VerificationStatus.NoUsableSignature, Verify(Valid with { Signature = entry[..^2] + last + "=" }).Status);
        }
    }

    [Theory]
    [InlineData("v1,!!!! {0}")]
    [InlineData("v1, {0}")]
    [InlineData("v2,abc v1a,abc {0} nonsense")]
    [InlineData("  {0}  ")]
    public void Verify_MalformedAndUnknownEntriesBesideTheRightOne_AreSkipped(string header) =>
        Assert.True(Verify(Valid with { Signature = header.Replace("{0}", Valid.Entry(), StringComparison.Ordinal) }).IsVerified);

    [Theory]
    [InlineData(9, VerificationStatus.Verified)]
    [InlineData(10, VerificationStatus.SignatureMismatch)]
    [InlineData(80, VerificationStatus.SignatureMismatch)]
    [InlineData(200, VerificationStatus.MalformedSignature)]
    [InlineData(100_000, VerificationStatus.MalformedSignature)]
    public void Verify_ManySignaturesBeforeTheRightOne_TriesTen(int wrong, VerificationStatus expected) =>
        Assert.Equal(
            expected,
            Verify(Valid with { Signature = string.Join(' ', Enumerable.Repeat(Valid.Entry(OtherSecret), wrong).Append(Valid.Entry())) }).Status);

    [Theory]
    [InlineData("webhook-id", VerificationStatus.DuplicateId)]
    [InlineData("WEBHOOK-TIMESTAMP", VerificationStatus.DuplicateTimestamp)]
    [InlineData("webhook-Signature", VerificationStatus.DuplicateSignature)]
    public void Verify_TwoLinesOfOneHeader_AreRefused(string name, VerificationStatus expected)
    {
        var value = Valid.ToRequest().Headers[name][0]!;

        Assert.Equal(expected, Verify(Valid with { MoreLines = [new(name, value)] }).Status);
    }

    [Fact]
    public void Verify_DefaultRequest_ReturnsMissingId() =>
        Assert.Equal(VerificationStatus.MissingId, Verify(default(WebhookRequest)).Status);

    [Fact]
    public void Verify_HeaderLinesWithoutValue_AreMissing()
    {
        var headers = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase)
        {
            ["webhook-id"] = new StringValues([null]),
            ["webhook-timestamp"] = default,
        };

        Assert.Equal(VerificationStatus.MissingId, Verify(new WebhookRequest("POST", null, WebhookHeaders.Wrap(headers), default)).Status);
    }

    [Fact]
    public void Verify_UnderAnyCulture_SaysTheSame()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.PositiveSign = "1";
        culture.NumberFormat.NegativeSign = "7";
        culture.NumberFormat.NumberGroupSeparator = "5";
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            Assert.True(Verify(Valid).IsVerified);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Verify_AfterDisposal_StillAnswers()
    {
        var verifier = Verifier([SignedRequest.OfficialSecret], SignedRequest.SignedAt);
        verifier.Dispose();

        Assert.True(Result(verifier, Valid.ToRequest()).IsVerified);
    }

    [Fact]
    public void Create_WithoutWhatItNeeds_Throws()
    {
        var secret = WebhookSecret.Generate();
        Assert.Throws<ArgumentNullException>(() => new StandardWebhooksVerifier(null!, TimeSpan.Zero, TimeProvider.System));
        Assert.Throws<ArgumentNullException>(() => new StandardWebhooksVerifier([secret], TimeSpan.Zero, null!));
        Assert.Throws<ArgumentException>(() => new StandardWebhooksVerifier([null!], TimeSpan.Zero, TimeProvider.System));
        Assert.Throws<ArgumentException>(() => new StandardWebhooksVerifier([], TimeSpan.Zero, TimeProvider.System));
        Assert.Throws<ArgumentException>(() => new StandardWebhooksVerifier([.. Enumerable.Repeat(secret, 11)], TimeSpan.Zero, TimeProvider.System));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StandardWebhooksVerifier([secret], TimeSpan.FromTicks(-1), TimeProvider.System));
    }

    private static VerificationResult Verify(SignedRequest request, params string[] secrets) => Verify(request.ToRequest(), secrets: secrets);

    private static VerificationResult Verify(WebhookRequest request, DateTimeOffset? now = null, params string[] secrets)
    {
        using var verifier = Verifier(secrets is [] ? [SignedRequest.OfficialSecret] : secrets, now ?? SignedRequest.SignedAt);
        return Result(verifier, request);
    }

    private static StandardWebhooksVerifier Verifier(string[] secrets, DateTimeOffset now) =>
        new([.. secrets.Select(WebhookSecret.Parse)], TimeSpan.FromMinutes(5), new FakeTimeProvider(now));

    private static VerificationResult Result(StandardWebhooksVerifier verifier, WebhookRequest request)
    {
        var verification = verifier.VerifyAsync(request);
        Assert.True(verification.IsCompletedSuccessfully);
        return verification.Result;
    }
}

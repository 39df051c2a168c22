using System.Security.Cryptography;
using WebhookKit.Secrets;

namespace WebhookKit.Tests.Secrets;

public class ProtectedSecretTests
{
    [Theory]
    [InlineData("0e2c3a7c-6a3b-4a7e-9b1f-0f6f5a9d1c11", 1)]
    [InlineData("arn:aws:kms:eu-west-1:1:key/2", 200)]
    [InlineData("k", 3000)]
    public void Create_Parts_CanBeReadBack(string keyId, int bytes)
    {
        var ciphertext = RandomNumberGenerator.GetBytes(bytes);
        var text = ProtectedSecret.Create(keyId, ciphertext).ToString();

        Assert.True(ProtectedSecret.IsProtected(text));
        Assert.True(ProtectedSecret.TryParse(text, out var secret));
        Assert.Equal((keyId, text), (secret.KeyId, secret.ToString()));
        Assert.Equal(ciphertext, secret.Ciphertext.ToArray());
    }

    [Theory]
    [InlineData("", 10)]
    [InlineData("a.b", 10)]
    [InlineData("a b", 10)]
    [InlineData("ключ", 10)]
    [InlineData("k", 0)]
    [InlineData("k", 4000)]
    public void Create_PartsThatCannotBeKept_Throws(string keyId, int bytes) =>
        Assert.Throws<ArgumentException>(() => ProtectedSecret.Create(keyId, new byte[bytes]));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whenc_")]
    [InlineData("whenc_key")]
    [InlineData("whenc_key.")]
    [InlineData("whenc_.AAAA")]
    [InlineData("whenc_key.AAA=")]
    [InlineData("whenc_key.AA+A")]
    [InlineData("whenc_key.AA A")]
    [InlineData("whenc_key.AB")]
    [InlineData("whenc_key.AAAA\n")]
    public void TryParse_NotTheForm_SaysNo(string? text)
    {
        Assert.False(ProtectedSecret.TryParse(text, out var secret));
        Assert.Null(secret);
    }

    [Fact]
    public void UnprotectedSecret_Default_IsNotASuccess()
    {
        Assert.Equal((UnprotectStatus.None, null), (default(UnprotectedSecret).Status, default(UnprotectedSecret).Secret));
        Assert.Throws<ArgumentException>(() => UnprotectedSecret.Unreadable(UnprotectStatus.Readable));
        Assert.Throws<ArgumentException>(() => UnprotectedSecret.Readable("", isKeyOld: false));
        Assert.DoesNotContain("hidden", UnprotectedSecret.Readable("hidden", isKeyOld: true).ToString(), StringComparison.Ordinal);
    }
}

using System.Security.Cryptography;
using WebhookKit.Signing;

namespace WebhookKit.Tests.Signing;

public class FixedTimeTests
{
    [Fact]
    public void DigestEquals_AnySingleBitChanged_IsFalse()
    {
        var digest = RandomNumberGenerator.GetBytes(32);
        Assert.True(FixedTime.DigestEquals(digest, digest.ToArray()));

        for (var bit = 0; bit < 256; bit++)
        {
            var changed = digest.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(FixedTime.DigestEquals(digest, changed));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(31, 31)]
    [InlineData(33, 33)]
    [InlineData(32, 0)]
    [InlineData(32, 31)]
    [InlineData(0, 32)]
    public void DigestEquals_LengthOtherThanThirtyTwo_IsFalse(int left, int right) =>
        Assert.False(FixedTime.DigestEquals(new byte[left], new byte[right]));
}

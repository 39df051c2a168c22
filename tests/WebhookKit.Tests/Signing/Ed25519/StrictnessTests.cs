using System.Numerics;
using System.Security.Cryptography;
using WebhookKit.Signing.Ed25519;

namespace WebhookKit.Tests.Signing.Ed25519;

/// <summary>What lenient implementations accept, and disagree about.</summary>
public class StrictnessTests
{
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");
    private static readonly BigInteger Modulus = BigInteger.Pow(2, 255) - 19;
    private static readonly byte[] Message = [.. "a message"u8];

    private static readonly PrivateKey Key = new(RandomNumberGenerator.GetBytes(32));
    private static readonly PublicKey Public = PublicKeyOf(Key);

    /// <summary>The eight points whose order divides eight, and every other encoding of them.</summary>
    public static TheoryData<string> SmallOrder =>
    [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ];

    [Theory]
    [MemberData(nameof(SmallOrder))]
    public void TryCreate_PointOfSmallOrder_SaysNo(string encoded) =>
        Assert.False(PublicKey.TryCreate(Convert.FromHexString(encoded), out _));

    [Theory]
    [MemberData(nameof(SmallOrder))]
    public void Verify_PointOfSmallOrderInTheSignature_SaysNo(string encoded)
    {
        // With S = ka the equation holds for the identity: OpenSSL accepts it.
        byte[] signature = [.. Convert.FromHexString(encoded), .. new byte[32]];
        byte[] hashed = [.. signature[..32], .. Key.PublicKeyBytes, .. Message];
        var challenge = new byte[32];
        Scalar.Reduce(SHA512.HashData(hashed), challenge);
        var scalar = SHA512.HashData(Key.Seed)[..32];
        scalar[0] &= 248;
        scalar[31] = (byte)((scalar[31] & 127) | 64);
        Scalar.MultiplyAdd(challenge, scalar, new byte[32], signature.AsSpan(32));

        Assert.Equal(encoded.StartsWith("01", StringComparison.Ordinal) && encoded.EndsWith("00", StringComparison.Ordinal),
            OpenSsl.Verify(Key.PublicKeyBytes.ToArray(), Message, signature));
        Assert.False(Public.Verify([], Message, signature));
    }

    [Fact]
    public void Verify_SameSignatureWithAnotherMultipleOfTheOrder_SaysNo()
    {
        var signature = Ed25519Tests.Sign(Key, Message);
        var scalar = new BigInteger(signature.AsSpan(32), isUnsigned: true);
        Assert.True(scalar < Order);
        Assert.True(Public.Verify([], Message, signature));

        for (scalar += Order; scalar < BigInteger.Pow(2, 256); scalar += Order)
        {
            Assert.False(Public.Verify([], Message, [.. signature[..32], .. Encode(scalar)]));
        }
    }

    [Fact]
    public void TryCreate_NumberNotBelowTheModulus_SaysNo()
    {
        for (var y = Modulus; y < BigInteger.Pow(2, 255); y++)
        {
            Assert.False(PublicKey.TryCreate(Encode(y), out _));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void TryCreate_OtherLength_SaysNo(int length) => Assert.False(PublicKey.TryCreate(new byte[length], out _));

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    public void Verify_OtherLength_SaysNo(int length)
    {
        byte[] signature = [.. Ed25519Tests.Sign(Key, Message), 0];

        Assert.False(Public.Verify([], Message, signature.AsSpan(0, length)));
    }

    [Fact]
    public void Verify_AnySingleBitChanged_SaysNo()
    {
        var signature = Ed25519Tests.Sign(Key, Message);
        for (var bit = 0; bit < 512; bit++)
        {
            var changed = signature.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Public.Verify([], Message, changed));
        }
    }

    [Fact]
    public void Verify_RandomSignatures_SaysNoAndNeverThrows()
    {
        for (var i = 0; i < 200; i++)
        {
            var signature = RandomNumberGenerator.GetBytes(64);
            signature[63] &= 0x0F;
            Assert.False(Public.Verify([], Message, signature));
        }
    }

    private static byte[] Encode(BigInteger number)
    {
        var bytes = new byte[32];
        Assert.True(number.TryWriteBytes(bytes, out _, isUnsigned: true));
        return bytes;
    }

    private static PublicKey PublicKeyOf(PrivateKey key) =>
        PublicKey.TryCreate(key.PublicKeyBytes, out var publicKey) ? publicKey : throw new InvalidOperationException();
}

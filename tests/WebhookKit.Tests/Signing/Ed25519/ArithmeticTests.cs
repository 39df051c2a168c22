using System.Numerics;
using System.Security.Cryptography;
using WebhookKit.Signing.Ed25519;

namespace WebhookKit.Tests.Signing.Ed25519;

/// <summary>The arithmetic against big integers, at random and where limbs are full or empty.</summary>
public class ArithmeticTests
{
    private static readonly BigInteger Modulus = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");

    private static readonly BigInteger[] Corners =
    [
        0, 1, 2, 18, 19, 20, BigInteger.Pow(2, 51) - 1, BigInteger.Pow(2, 51), BigInteger.Pow(2, 204) - 1, BigInteger.Pow(2, 204),
        Modulus - 1, Modulus - 2, Modulus, Modulus + 1, Modulus + 18, BigInteger.Pow(2, 254), Order - 1, Order, Order + 1,
    ];

    [Fact]
    public void FieldElement_Operations_AgreeWithBigIntegers()
    {
        foreach (var (a, b) in Pairs(BigInteger.Pow(2, 255)))
        {
            var (x, y) = (FieldElement.Read(Encode(a, 32)), FieldElement.Read(Encode(b, 32)));

            Assert.Equal(Mod(a, Modulus), Value(x));
            Assert.Equal(Mod(a + b, Modulus), Value(x + y));
            Assert.Equal(Mod(a - b, Modulus), Value(x - y));
            Assert.Equal(Mod(-a, Modulus), Value(-x));
            Assert.Equal(Mod(a * b, Modulus), Value(x * y));
            Assert.Equal(Mod(a * a, Modulus), Value(x.Square()));
            Assert.Equal(BigInteger.ModPow(a, Modulus - 2, Modulus), Value(x.Invert()));
            Assert.Equal(Mod((a + b) * (a - b - b), Modulus), Value((x + y) * (x - y - y)));
        }
    }

    [Fact]
    public void Scalar_Operations_AgreeWithBigIntegers()
    {
        var result = new byte[32];
        foreach (var (a, b) in Pairs(BigInteger.Pow(2, 256)))
        {
            var c = new BigInteger(RandomNumberGenerator.GetBytes(32), isUnsigned: true);
            Scalar.MultiplyAdd(Encode(a, 32), Encode(b, 32), Encode(c, 32), result);
            Assert.Equal(Mod((a * b) + c, Order), new BigInteger(result, isUnsigned: true));

            var wide = (a * BigInteger.Pow(2, 256)) + b;
            Scalar.Reduce(Encode(wide, 64), result);
            Assert.Equal(Mod(wide, Order), new BigInteger(result, isUnsigned: true));
            Assert.Equal(a < Order, Scalar.IsCanonical(Encode(a, 32)));
        }
    }

    [Fact]
    public void MultiplySecret_ByTheOrder_IsTheIdentity()
    {
        var generator = new Multiples(EdwardsPoint.Generator);
        Span<byte> product = stackalloc byte[32];
        Span<byte> identity = stackalloc byte[32];
        generator.MultiplySecret(Encode(Order, 32)).Write(product);
        EdwardsPoint.Identity.Write(identity);

        Assert.True(product.SequenceEqual(identity));
        Assert.False(EdwardsPoint.Generator.HasSmallOrder());
    }

    private static IEnumerable<(BigInteger A, BigInteger B)> Pairs(BigInteger limit)
    {
        var numbers = Corners.Append(limit - 1).ToArray();
        return numbers.SelectMany(a => numbers, (a, b) => (a, b)).Concat(Enumerable.Range(0, 300).Select(_ => (Random(limit), Random(limit))));
    }

    private static BigInteger Random(BigInteger limit) => new BigInteger(RandomNumberGenerator.GetBytes(40), isUnsigned: true) % limit;

    private static BigInteger Mod(BigInteger value, BigInteger modulus) => ((value % modulus) + modulus) % modulus;

    private static byte[] Encode(BigInteger value, int length)
    {
        var bytes = new byte[length];
        Assert.True(value.TryWriteBytes(bytes, out _, isUnsigned: true));
        return bytes;
    }

    private static BigInteger Value(in FieldElement element)
    {
        Span<byte> bytes = stackalloc byte[32];
        element.Write(bytes);
        return new BigInteger(bytes, isUnsigned: true);
    }
}

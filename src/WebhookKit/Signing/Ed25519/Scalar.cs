using System.Buffers.Binary;

namespace WebhookKit.Signing.Ed25519;

/// <summary>Integers modulo the order L of the generator, 32 bytes, little-endian (RFC 8032, 5.1). No branch depends on a value.</summary>
internal static class Scalar
{
    public const int Bytes = 32;

    // 2^252 + 27742317777372353535851937790883648493
    private const ulong Order0 = 0x5812_631a_5cf5_d3ed;
    private const ulong Order1 = 0x14de_f9de_a2f7_9cd6;
    private const ulong Order3 = 0x1000_0000_0000_0000;

    /// <summary>Whether the scalar is below L: of the many scalars that fit an equation only this one is accepted.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> scalar)
    {
        Subtract(Read(scalar, 0), Read(scalar, 1), Read(scalar, 2), Read(scalar, 3), out var borrow);
        return borrow == 1;
    }

    /// <summary>Reduces 64 bytes, such as a hash.</summary>
    public static void Reduce(ReadOnlySpan<byte> wide, Span<byte> destination)
    {
        Span<ulong> words = stackalloc ulong[8];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = Read(wide, i);
        }

        Reduce(words, destination);
        words.Clear();
    }

    /// <summary>Computes <paramref name="a"/> · <paramref name="b"/> + <paramref name="c"/>; all of 256 bits.</summary>
    public static void MultiplyAdd(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, Span<byte> destination)
    {
        Span<ulong> product = stackalloc ulong[8];
        for (var i = 0; i < 4; i++)
        {
            product[i] = Read(c, i);
        }

        for (var i = 0; i < 4; i++)
        {
            ulong carry = 0;
            for (var j = 0; j < 4; j++)
            {
                var sum = Math.BigMul(Read(a, i), Read(b, j)) + product[i + j] + carry;
                product[i + j] = (ulong)sum;
                carry = (ulong)(sum >> 64);
            }

            product[i + 4] = carry;
        }

        Reduce(product, destination);
        product.Clear();
    }

    /// <summary>Brings the bits down one by one, from the highest, and takes L off whenever it fits.</summary>
    private static void Reduce(ReadOnlySpan<ulong> wide, Span<byte> destination)
    {
        ulong r0 = 0, r1 = 0, r2 = 0, r3 = 0;
        for (var bit = (64 * wide.Length) - 1; bit >= 0; bit--)
        {
            r3 = (r3 << 1) | (r2 >> 63);
            r2 = (r2 << 1) | (r1 >> 63);
            r1 = (r1 << 1) | (r0 >> 63);
            r0 = (r0 << 1) | ((wide[bit / 64] >> (bit % 64)) & 1);

            var (s0, s1, s2, s3) = Subtract(r0, r1, r2, r3, out var borrow);
            var keep = 0 - borrow;
            r0 = s0 ^ (keep & (s0 ^ r0));
            r1 = s1 ^ (keep & (s1 ^ r1));
            r2 = s2 ^ (keep & (s2 ^ r2));
            r3 = s3 ^ (keep & (s3 ^ r3));
        }

        BinaryPrimitives.WriteUInt64LittleEndian(destination, r0);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], r1);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], r2);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], r3);
    }

    private static (ulong W0, ulong W1, ulong W2, ulong W3) Subtract(ulong w0, ulong w1, ulong w2, ulong w3, out ulong borrow)
    {
        borrow = 0;
        return (
            Subtract(w0, Order0, ref borrow), Subtract(w1, Order1, ref borrow), Subtract(w2, 0, ref borrow), Subtract(w3, Order3, ref borrow));
    }

    private static ulong Subtract(ulong left, ulong right, ref ulong borrow)
    {
        var difference = left - right - borrow;
        borrow = ((~left & right) | ((~left | right) & difference)) >> 63;
        return difference;
    }

    private static ulong Read(ReadOnlySpan<byte> source, int word) => BinaryPrimitives.ReadUInt64LittleEndian(source[(8 * word)..]);
}

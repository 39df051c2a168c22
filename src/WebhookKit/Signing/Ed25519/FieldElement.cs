using System.Buffers.Binary;

namespace WebhookKit.Signing.Ed25519;

/// <summary>An integer modulo 2^255 - 19 in five limbs of 51 bits (RFC 8032, 5.1). No branch depends on a value.</summary>
/// <remarks>Every result has limbs below 2^51 + 2^13, so that sums, differences and products of two never overflow.</remarks>
internal readonly struct FieldElement(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4)
{
    public const int Bytes = 32;

    private const ulong Mask = (1UL << 51) - 1;

    private readonly ulong _l0 = l0;
    private readonly ulong _l1 = l1;
    private readonly ulong _l2 = l2;
    private readonly ulong _l3 = l3;
    private readonly ulong _l4 = l4;

    public static FieldElement Zero => default;

    public static FieldElement One { get; } = FromSmall(1);

    /// <summary>A number below 2^51.</summary>
    public static FieldElement FromSmall(ulong value) => new(value, 0, 0, 0, 0);

    /// <summary>Reads 255 bits, little-endian; the highest bit of the last byte is left out.</summary>
    public static FieldElement Read(ReadOnlySpan<byte> source)
    {
        var w0 = BinaryPrimitives.ReadUInt64LittleEndian(source);
        var w1 = BinaryPrimitives.ReadUInt64LittleEndian(source[8..]);
        var w2 = BinaryPrimitives.ReadUInt64LittleEndian(source[16..]);
        var w3 = BinaryPrimitives.ReadUInt64LittleEndian(source[24..]);
        return new FieldElement(
            w0 & Mask,
            ((w0 >> 51) | (w1 << 13)) & Mask,
            ((w1 >> 38) | (w2 << 26)) & Mask,
            ((w2 >> 25) | (w3 << 39)) & Mask,
            (w3 >> 12) & Mask);
    }

    /// <summary>Writes the one representative below the modulus, little-endian.</summary>
    public void Write(Span<byte> destination)
    {
        // Adding 19 carries out of the highest limb exactly when the value is not below the modulus.
        var (v0, v1, v2, v3, v4) = Carry(_l0, _l1, _l2, _l3, _l4);
        var quotient = (v0 + 19) >> 51;
        quotient = (v1 + quotient) >> 51;
        quotient = (v2 + quotient) >> 51;
        quotient = (v3 + quotient) >> 51;
        quotient = (v4 + quotient) >> 51;

        v0 += 19 * quotient;
        v1 += v0 >> 51;
        v2 += v1 >> 51;
        v3 += v2 >> 51;
        v4 += v3 >> 51;
        v0 &= Mask;
        v1 &= Mask;
        v2 &= Mask;
        v3 &= Mask;
        v4 &= Mask;
        BinaryPrimitives.WriteUInt64LittleEndian(destination, v0 | (v1 << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], (v1 >> 13) | (v2 << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], (v2 >> 26) | (v3 << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], (v3 >> 39) | (v4 << 12));
    }

    public static FieldElement operator +(in FieldElement a, in FieldElement b) =>
        Carried(a._l0 + b._l0, a._l1 + b._l1, a._l2 + b._l2, a._l3 + b._l3, a._l4 + b._l4);

    // Twice the modulus is added first, so that no limb falls below zero.
    public static FieldElement operator -(in FieldElement a, in FieldElement b) => Carried(
        a._l0 + (2 * (Mask - 18)) - b._l0,
        a._l1 + (2 * Mask) - b._l1,
        a._l2 + (2 * Mask) - b._l2,
        a._l3 + (2 * Mask) - b._l3,
        a._l4 + (2 * Mask) - b._l4);

    public static FieldElement operator -(in FieldElement a) => Zero - a;

    public static FieldElement operator *(in FieldElement a, in FieldElement b)
    {
        // 2^255 = 19, so what overflows five limbs comes back nineteenfold.
        var (b1, b2, b3, b4) = (19 * b._l1, 19 * b._l2, 19 * b._l3, 19 * b._l4);
        return Carried(
            Math.BigMul(a._l0, b._l0) + Math.BigMul(a._l1, b4) + Math.BigMul(a._l2, b3) + Math.BigMul(a._l3, b2) + Math.BigMul(a._l4, b1),
            Math.BigMul(a._l0, b._l1) + Math.BigMul(a._l1, b._l0) + Math.BigMul(a._l2, b4) + Math.BigMul(a._l3, b3) + Math.BigMul(a._l4, b2),
            Math.BigMul(a._l0, b._l2) + Math.BigMul(a._l1, b._l1) + Math.BigMul(a._l2, b._l0) + Math.BigMul(a._l3, b4) + Math.BigMul(a._l4, b3),
            Math.BigMul(a._l0, b._l3) + Math.BigMul(a._l1, b._l2) + Math.BigMul(a._l2, b._l1) + Math.BigMul(a._l3, b._l0) + Math.BigMul(a._l4, b4),
            Math.BigMul(a._l0, b._l4) + Math.BigMul(a._l1, b._l3) + Math.BigMul(a._l2, b._l2) + Math.BigMul(a._l3, b._l1) + Math.BigMul(a._l4, b._l0));
    }

    public FieldElement Square()
    {
        var (d0, d1) = (2 * _l0, 2 * _l1);
        var (n3, n4) = (19 * _l3, 19 * _l4);
        return Carried(
            Math.BigMul(_l0, _l0) + Math.BigMul(d1, n4) + Math.BigMul(2 * _l2, n3),
            Math.BigMul(d0, _l1) + Math.BigMul(2 * _l2, n4) + Math.BigMul(_l3, n3),
            Math.BigMul(d0, _l2) + Math.BigMul(_l1, _l1) + Math.BigMul(2 * _l3, n4),
            Math.BigMul(d0, _l3) + Math.BigMul(d1, _l2) + Math.BigMul(_l4, n4),
            Math.BigMul(d0, _l4) + Math.BigMul(d1, _l3) + Math.BigMul(_l2, _l2));
    }

    /// <summary>The inverse, by Fermat: the power 2^255 - 21; zero for zero.</summary>
    public FieldElement Invert() => Power250(out var power11).Square(5) * power11;

    /// <summary>The power 2^252 - 3, from which square roots are made (RFC 8032, 5.1.3).</summary>
    public FieldElement PowerForRoot() => Power250(out _).Square(2) * this;

    /// <summary><paramref name="a"/> where the mask is all ones, <paramref name="b"/> where it is zero.</summary>
    public static FieldElement Select(ulong mask, in FieldElement a, in FieldElement b) => new(
        b._l0 ^ (mask & (a._l0 ^ b._l0)),
        b._l1 ^ (mask & (a._l1 ^ b._l1)),
        b._l2 ^ (mask & (a._l2 ^ b._l2)),
        b._l3 ^ (mask & (a._l3 ^ b._l3)),
        b._l4 ^ (mask & (a._l4 ^ b._l4)));

    /// <summary>Whether both are the same number. For public values.</summary>
    public bool Equals(in FieldElement other)
    {
        Span<byte> left = stackalloc byte[Bytes];
        Span<byte> right = stackalloc byte[Bytes];
        Write(left);
        other.Write(right);
        return left.SequenceEqual(right);
    }

    /// <summary>The lowest bit of the representative below the modulus: the sign of RFC 8032, 5.1.2.</summary>
    public int Sign()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Write(bytes);
        return bytes[0] & 1;
    }

    private FieldElement Square(int times)
    {
        var power = this;
        for (var i = 0; i < times; i++)
        {
            power = power.Square();
        }

        return power;
    }

    /// <summary>The power 2^250 - 1, and on the way the power 11.</summary>
    private FieldElement Power250(out FieldElement power11)
    {
        var power2 = Square();
        var power9 = power2.Square(2) * this;
        power11 = power9 * power2;
        var ones5 = power11.Square() * power9;
        var ones10 = ones5.Square(5) * ones5;
        var ones20 = ones10.Square(10) * ones10;
        var ones40 = ones20.Square(20) * ones20;
        var ones50 = ones40.Square(10) * ones10;
        var ones100 = ones50.Square(50) * ones50;
        var ones200 = ones100.Square(100) * ones100;
        return ones200.Square(50) * ones50;
    }

    private static FieldElement Carried(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4)
    {
        var (v0, v1, v2, v3, v4) = Carry(l0, l1, l2, l3, l4);
        return new FieldElement(v0, v1, v2, v3, v4);
    }

    private static (ulong L0, ulong L1, ulong L2, ulong L3, ulong L4) Carry(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4) => (
        (l0 & Mask) + (19 * (l4 >> 51)),
        (l1 & Mask) + (l0 >> 51),
        (l2 & Mask) + (l1 >> 51),
        (l3 & Mask) + (l2 >> 51),
        (l4 & Mask) + (l3 >> 51));

    private static FieldElement Carried(UInt128 l0, UInt128 l1, UInt128 l2, UInt128 l3, UInt128 l4)
    {
        l1 += (ulong)(l0 >> 51);
        l2 += (ulong)(l1 >> 51);
        l3 += (ulong)(l2 >> 51);
        l4 += (ulong)(l3 >> 51);
        return Carried(
            ((ulong)l0 & Mask) + (19 * (ulong)(l4 >> 51)), (ulong)l1 & Mask, (ulong)l2 & Mask, (ulong)l3 & Mask, (ulong)l4 & Mask);
    }
}

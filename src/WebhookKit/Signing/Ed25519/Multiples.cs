namespace WebhookKit.Signing.Ed25519;

/// <summary>The multiples 0 to 15 of a point, with which it is multiplied by four bits at a time.</summary>
internal sealed class Multiples
{
    private readonly EdwardsPoint.Addend[] _addends = new EdwardsPoint.Addend[16];

    public Multiples(in EdwardsPoint point)
    {
        var addend = new EdwardsPoint.Addend(point);
        var multiple = EdwardsPoint.Identity;
        for (var i = 0; i < _addends.Length; i++)
        {
            _addends[i] = new EdwardsPoint.Addend(multiple);
            multiple += addend;
        }
    }

    /// <summary>Multiplies by a secret scalar of 256 bits, little-endian: takes the same steps and reads the same memory for each.</summary>
    public EdwardsPoint MultiplySecret(ReadOnlySpan<byte> scalar)
    {
        var product = EdwardsPoint.Identity;
        for (var digit = (2 * Scalar.Bytes) - 1; digit >= 0; digit--)
        {
            product = product.Double().Double().Double().Double() + ReadAll(Digit(scalar, digit));
        }

        return product;
    }

    /// <summary>The sum of two products; both scalars are public.</summary>
    public static EdwardsPoint MultiplyPublic(
        Multiples first, ReadOnlySpan<byte> firstScalar, Multiples second, ReadOnlySpan<byte> secondScalar)
    {
        var sum = EdwardsPoint.Identity;
        for (var digit = (2 * Scalar.Bytes) - 1; digit >= 0; digit--)
        {
            sum = sum.Double().Double().Double().Double()
                + first._addends[Digit(firstScalar, digit)]
                + second._addends[Digit(secondScalar, digit)];
        }

        return sum;
    }

    private static int Digit(ReadOnlySpan<byte> scalar, int digit) => (scalar[digit / 2] >> (4 * (digit & 1))) & 15;

    private EdwardsPoint.Addend ReadAll(int wanted)
    {
        var found = _addends[0];
        for (var i = 1; i < _addends.Length; i++)
        {
            // All ones where i is wanted: only zero borrows from the sign bit.
            var mask = (ulong)((long)((ulong)(i ^ wanted) - 1) >> 63);
            found = EdwardsPoint.Addend.Select(mask, _addends[i], found);
        }

        return found;
    }
}

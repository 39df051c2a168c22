namespace WebhookKit.Signing.Ed25519;

/// <summary>A point of edwards25519 in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z (RFC 8032, 5.1.4).</summary>
/// <remarks>The formulas are complete: they hold for every pair of points of the curve, so nothing branches on them.</remarks>
internal readonly struct EdwardsPoint(FieldElement x, FieldElement y, FieldElement z, FieldElement t)
{
    public const int Bytes = FieldElement.Bytes;

    private static readonly FieldElement D = -FieldElement.FromSmall(121_665) * FieldElement.FromSmall(121_666).Invert();
    private static readonly FieldElement TwoD = D + D;

    // 2 to the power (p - 1) / 4.
    private static readonly FieldElement RootOfMinusOne = FieldElement.FromSmall(2).PowerForRoot().Square() * FieldElement.FromSmall(2);

    private readonly FieldElement _x = x;
    private readonly FieldElement _y = y;
    private readonly FieldElement _z = z;
    private readonly FieldElement _t = t;

    public static EdwardsPoint Identity { get; } = new(FieldElement.Zero, FieldElement.One, FieldElement.One, FieldElement.Zero);

    /// <summary>The generator: y is 4/5 and x even.</summary>
    public static EdwardsPoint Generator { get; } = MakeGenerator();

    /// <summary>Reads a point; one that is not on the curve or not in its one encoding is refused.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out EdwardsPoint point)
    {
        point = Identity;
        if (source.Length != Bytes)
        {
            return false;
        }

        var sign = source[^1] >> 7;
        var y = FieldElement.Read(source);
        if (!IsCanonical(source, y) || !TryFindX(y, out var x))
        {
            return false;
        }

        if (x.Sign() != sign)
        {
            if (x.Equals(FieldElement.Zero))
            {
                return false;
            }

            x = -x;
        }

        point = new EdwardsPoint(x, y, FieldElement.One, x * y);
        return true;
    }

    public void Write(Span<byte> destination)
    {
        var inverse = _z.Invert();
        (_y * inverse).Write(destination);
        destination[Bytes - 1] |= (byte)((_x * inverse).Sign() << 7);
    }

    public static EdwardsPoint operator -(in EdwardsPoint point) => new(-point._x, point._y, point._z, -point._t);

    public static EdwardsPoint operator +(in EdwardsPoint point, in Addend addend)
    {
        var a = (point._y - point._x) * addend.YMinusX;
        var b = (point._y + point._x) * addend.YPlusX;
        var c = point._t * addend.TwoDT;
        var d = point._z * addend.TwoZ;
        var (e, f, g, h) = (b - a, d - c, d + c, b + a);
        return new EdwardsPoint(e * f, g * h, f * g, e * h);
    }

    public EdwardsPoint Double()
    {
        var a = _x.Square();
        var b = _y.Square();
        var c = _z.Square();
        var h = a + b;
        var e = h - (_x + _y).Square();
        var g = a - b;
        var f = c + c + g;
        return new EdwardsPoint(e * f, g * h, f * g, e * h);
    }

    /// <summary>Whether eight times the point is the identity: such points sign anything, or nothing. For public values.</summary>
    public bool HasSmallOrder()
    {
        var eightfold = Double().Double().Double();
        return eightfold._x.Equals(FieldElement.Zero) && eightfold._y.Equals(eightfold._z);
    }

    private static bool IsCanonical(ReadOnlySpan<byte> source, in FieldElement y)
    {
        Span<byte> canonical = stackalloc byte[Bytes];
        y.Write(canonical);
        canonical[^1] |= (byte)(source[^1] & 0x80);
        return source.SequenceEqual(canonical);
    }

    /// <summary>Solves x² = (y² - 1) / (dy² + 1) (RFC 8032, 5.1.3).</summary>
    private static bool TryFindX(in FieldElement y, out FieldElement x)
    {
        var ySquared = y.Square();
        var u = ySquared - FieldElement.One;
        var v = (D * ySquared) + FieldElement.One;
        var v3 = v.Square() * v;
        x = u * v3 * (u * v3.Square() * v).PowerForRoot();

        var square = v * x.Square();
        if (square.Equals(u))
        {
            return true;
        }

        x *= RootOfMinusOne;
        return square.Equals(-u);
    }

    private static EdwardsPoint MakeGenerator()
    {
        var y = FieldElement.FromSmall(4) * FieldElement.FromSmall(5).Invert();
        TryFindX(y, out var x);
        x = x.Sign() == 0 ? x : -x;
        return new EdwardsPoint(x, y, FieldElement.One, x * y);
    }

    /// <summary>A point prepared to be added many times.</summary>
    internal readonly struct Addend
    {
        public Addend(in EdwardsPoint point)
        {
            YPlusX = point._y + point._x;
            YMinusX = point._y - point._x;
            TwoZ = point._z + point._z;
            TwoDT = point._t * TwoD;
        }

        private Addend(in FieldElement yPlusX, in FieldElement yMinusX, in FieldElement twoZ, in FieldElement twoDT)
        {
            YPlusX = yPlusX;
            YMinusX = yMinusX;
            TwoZ = twoZ;
            TwoDT = twoDT;
        }

        public FieldElement YPlusX { get; }

        public FieldElement YMinusX { get; }

        public FieldElement TwoZ { get; }

        public FieldElement TwoDT { get; }

        /// <summary><paramref name="a"/> where the mask is all ones, <paramref name="b"/> where it is zero.</summary>
        public static Addend Select(ulong mask, in Addend a, in Addend b) => new(
            FieldElement.Select(mask, a.YPlusX, b.YPlusX),
            FieldElement.Select(mask, a.YMinusX, b.YMinusX),
            FieldElement.Select(mask, a.TwoZ, b.TwoZ),
            FieldElement.Select(mask, a.TwoDT, b.TwoDT));
    }
}

using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Primitives;
using WebhookKit.Testing;
using WebhookKit.Verification;

namespace WebhookKit.Tests.Verification;

public class VerificationMutationTests
{
    private static readonly SignedRequest Valid = new() { Id = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W" };
    private static readonly string[] Names = ["webhook-id", "webhook-timestamp", "webhook-signature"];

    private static readonly Gen<char> Character =
        Gen.Frequency((4, Gen.Choose(0x20, 0x7E)), (1, Gen.Choose(0, 0xFFFF))).Select(code => (char)code);

    private static readonly StandardWebhooksVerifier Verifier =
        new([WebhookSecret.Parse(SignedRequest.OfficialSecret)], TimeSpan.FromMinutes(5), new FakeTimeProvider(SignedRequest.SignedAt));

    [Fact]
    public void Verify_OneHeaderCharacterChangedInsertedOrRemoved_NeverVerifies()
    {
        // Outer spaces and further entries around a right signature are allowed, so insertions stay inside the entry.
        var mutation =
            from name in Gen.Elements(Names)
            from position in Gen.Choose(0, 10_000)
            from kind in Gen.Choose(0, 2)
            from character in Character
            select (name, position, kind, character);

        Prop.ForAll(mutation.ToArbitrary(), m =>
        {
            var original = Value(m.name);
            var at = m.name == Names[2] ? 1 + (m.position % (original.Length - 1)) : m.position % original.Length;
            var mutated = m.kind switch
            {
                0 => original[..at] + m.character + original[(at + 1)..],
                1 => original[..at] + m.character + original[at..],
                _ => original.Remove(at, 1),
            };
            return mutated == original || !Verifies(With(m.name, mutated));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [Fact]
    public void Verify_OneBodyBitFlippedOrByteCut_NeverVerifies()
    {
        for (var bit = 0; bit < Valid.Body.Length * 8; bit++)
        {
            var body = Valid.Body.ToArray();
            body[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Verifies(Valid with { Body = body, Signature = Valid.Entry() }));
        }

        for (var length = 0; length < Valid.Body.Length; length++)
        {
            Assert.False(Verifies(Valid with { Body = Valid.Body[..length], Signature = Valid.Entry() }));
        }
    }

    [Fact]
    public void Verify_BytesMovedBetweenIdTimestampAndBody_NeverVerifies()
    {
        var entry = Valid.Entry();
        Assert.False(Verifies(Valid with { Id = Valid.Id + ".1750000000", Signature = entry }));
        Assert.False(Verifies(Valid with { Timestamp = "1750000000.", Signature = entry }));
        Assert.False(Verifies(Valid with { Body = [.. "0."u8, .. Valid.Body], Timestamp = "175000000", Signature = entry }));
    }

    [Fact]
    public void Verify_ArbitraryHeaderText_NeverVerifiesNorThrows()
    {
        var text = Gen.OneOf(
            Character.ArrayOf().Select(characters => new string(characters)),
            Gen.Elements("v1,", " ", ",", "=", "v1,AAAA", new string('A', 43) + "=", "v1a,", "1750000000", "msg_1", ".").ListOf().Select(parts => string.Concat(parts)));
        var lines = from id in text from timestamp in text from signature in text select (string[])[id, timestamp, signature];

        Prop.ForAll(lines.ToArbitrary(), values => !Verifies(new WebhookRequest(
            "POST",
            null,
            WebhookHeaders.Create(Names.Zip(values, KeyValuePair.Create)),
            Valid.Body))).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void Verify_ArbitraryNumberOfHeaderLines_OnlyVerifiesOneEach()
    {
        var request = Valid.ToRequest();
        var counts = from id in Gen.Choose(0, 3) from timestamp in Gen.Choose(0, 3) from signature in Gen.Choose(0, 3) select (int[])[id, timestamp, signature];

        Prop.ForAll(counts.ToArbitrary(), lines =>
        {
            var headers = Names.Zip(lines).ToDictionary(
                pair => pair.First,
                pair => new StringValues([.. Enumerable.Repeat(request.Headers[pair.First][0], pair.Second)]),
                StringComparer.OrdinalIgnoreCase);
            return Verifies(new WebhookRequest("POST", null, WebhookHeaders.Wrap(headers), Valid.Body)) == lines.All(count => count == 1);
        }).QuickCheckThrowOnFailure();
    }

    private static string Value(string name) => Valid.ToRequest().Headers[name][0]!;

    private static SignedRequest With(string name, string value) => Array.IndexOf(Names, name) switch
    {
        0 => Valid with { Id = value, Signature = Valid.Entry() },
        1 => Valid with { Timestamp = value, Signature = Valid.Entry() },
        _ => Valid with { Signature = value },
    };

    private static bool Verifies(SignedRequest request) => Verifies(request.ToRequest());

    private static bool Verifies(WebhookRequest request) => Verifier.VerifyAsync(request).Result.IsVerified;
}

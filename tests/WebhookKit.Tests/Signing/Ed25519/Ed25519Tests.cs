using System.Text.Json;
using WebhookKit.Signing.Ed25519;

namespace WebhookKit.Tests.Signing.Ed25519;

public class Ed25519Tests
{
    private static readonly JsonElement[] Vectors = [.. JsonDocument
        .Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "rfc8032-ed25519.json")))
        .RootElement.EnumerateArray()];

    public static TheoryData<string> Names => [.. Vectors.Select(vector => vector.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void SignAndVerify_VectorOfRfc8032_AgreeWithIt(string name)
    {
        var vector = Vectors.Single(vector => vector.GetProperty("name").GetString() == name);
        byte[] Hex(string member) => Convert.FromHexString(vector.GetProperty(member).GetString()!);
        var message = Hex("message");
        var key = new PrivateKey(Hex("seed"));

        Assert.Equal(Hex("publicKey"), key.PublicKeyBytes.ToArray());
        Assert.Equal(Hex("signature"), Sign(key, message));
        Assert.True(PublicKey.TryCreate(Hex("publicKey"), out var publicKey));
        for (var split = 0; split <= message.Length; split += Math.Max(1, message.Length / 7))
        {
            Assert.True(publicKey.Verify(message.AsSpan(0, split), message.AsSpan(split), Hex("signature")));
        }
    }

    [Fact]
    public void SignAndVerify_RandomKeysAndMessages_AgreeWithOpenSsl()
    {
        var random = new Random();
        for (var i = 0; i < 500; i++)
        {
            var seed = Bytes(random, 32);
            var message = Bytes(random, random.Next(300));
            var key = new PrivateKey(seed);
            var signature = OpenSsl.Sign(seed, message);

            Assert.Equal(OpenSsl.PublicKeyOf(seed), key.PublicKeyBytes.ToArray());
            Assert.Equal(signature, Sign(key, message));
            Assert.True(PublicKey.TryCreate(key.PublicKeyBytes, out var publicKey));
            Assert.True(publicKey.Verify([], message, signature));

            var (changed, changedMessage) = (signature.ToArray(), message.Append((byte)0).ToArray());
            changed[random.Next(64)] ^= (byte)(1 << random.Next(8));
            Assert.Equal(OpenSsl.Verify(publicKey.ToBytes().ToArray(), message, changed), publicKey.Verify([], message, changed));
            Assert.False(publicKey.Verify([], message, changed));
            Assert.False(publicKey.Verify([], changedMessage, signature));
        }
    }

    [Fact]
    public void TryCreate_RandomBytes_AreAKeyWhereThereIsAPoint()
    {
        var random = new Random();
        var keys = 0;
        for (var i = 0; i < 200; i++)
        {
            var bytes = Bytes(random, 32);
            if (PublicKey.TryCreate(bytes, out var key))
            {
                Assert.Equal(bytes, key.ToBytes().ToArray());
                keys++;
            }
        }

        // About half of all numbers are the y of a point.
        Assert.InRange(keys, 1, 199);
    }

    [Fact]
    public void Sign_OnManyThreads_GivesTheSameSignature()
    {
        var key = new PrivateKey(new byte[32]);
        var expected = Sign(key, [1, 2, 3]);

        Parallel.For(0, 200, _ => Assert.Equal(expected, Sign(key, [1, 2, 3])));
    }

    internal static byte[] Sign(PrivateKey key, ReadOnlySpan<byte> message)
    {
        var signature = new byte[64];
        key.Sign(message[..(message.Length / 2)], message[(message.Length / 2)..], signature);
        return signature;
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Receiving;

/// <summary>Reads and verifies a Standard Webhooks request by hand: what is under test must not be its own judge.</summary>
internal sealed class SignatureCheck(string secret)
{
    private readonly byte[] _key = Convert.FromBase64String(secret["whsec_".Length..]);

    /// <summary>Reads what the sender signed; the receiver adds where and when it came.</summary>
    public Request Read(IHeaderDictionary headers, byte[] body)
    {
        var id = headers["webhook-id"].ToString();
        var timestamp = headers["webhook-timestamp"].ToString();
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = $"v1,{Convert.ToBase64String(HMACSHA256.HashData(_key, signed))}";
        return new Request
        {
            MessageId = MessageId.TryParse(id, out var message) ? message.Value : Guid.Empty,
            Timestamp = long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0,
            BodyHash = Hash(body),
            IsVerified = headers["webhook-signature"].ToString().Split(' ').Contains(expected, StringComparer.Ordinal),
            EndpointId = default,
            Node = "",
            ArrivedAt = default,
            EndedAt = default,
        };
    }

    /// <summary>The first half of SHA-256, enough to tell bytes apart.</summary>
    public static UInt128 Hash(ReadOnlySpan<byte> body) => FirstHalf(SHA256.HashData(body));

    public static UInt128 FirstHalf(byte[] sha256) => BinaryPrimitives.ReadUInt128BigEndian(sha256);
}

using System.Buffers.Binary;

namespace WebhookKit.DataProtection.Secrets;

/// <summary>
/// The key id in what Data Protection makes: a marker of 32 bits, then the id (ASP.NET Core documentation, "Context headers and
/// payload format").
/// </summary>
internal static class PayloadKey
{
    private const uint Marker = 0x09F0_C9F0;
    private const int IdBytes = 16;

    public static Guid Read(ReadOnlySpan<byte> payload) => TryRead(payload, out var keyId)
        ? keyId
        : throw NotOurs();

    public static NotSupportedException NotOurs() =>
        new("The data protection provider is not ASP.NET Core's own: register an ISecretProtector for it instead of UseDataProtection().");

    public static bool TryRead(ReadOnlySpan<byte> payload, out Guid keyId)
    {
        var isPayload = payload.Length > sizeof(uint) + IdBytes && BinaryPrimitives.ReadUInt32BigEndian(payload) == Marker;
        keyId = isPayload ? new Guid(payload.Slice(sizeof(uint), IdBytes)) : default;
        return isPayload;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Floors;

/// <summary>An endpoint of the floor: where to, its slots, and its keyed hash, kept because setting up a key is dear.</summary>
internal sealed class FloorEndpoint(Guid id, string url) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHMAC(
        HashAlgorithmName.SHA256, Convert.FromBase64String(SenderSettings.Secret["whsec_".Length..]));

    public Guid Id => id;

    public Uri Url { get; } = new(url);

    public SemaphoreSlim Slots { get; } = new(SenderSettings.MaxInFlightPerEndpoint);

    /// <summary>Signs by Standard Webhooks 1.0.0, <c>v1</c>.</summary>
    public string Sign(string messageId, long timestamp, ReadOnlySpan<byte> payload)
    {
        Span<byte> prefix = stackalloc byte[128];
        var written = Encoding.ASCII.GetBytes(messageId, prefix);
        prefix[written++] = (byte)'.';
        timestamp.TryFormat(prefix[written..], out var digits, default, CultureInfo.InvariantCulture);
        written += digits;
        prefix[written++] = (byte)'.';

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        lock (_gate)
        {
            _hash.AppendData(prefix[..written]);
            _hash.AppendData(payload);
            _hash.GetHashAndReset(digest);
        }

        return $"v1,{Convert.ToBase64String(digest)}";
    }

    public void Dispose()
    {
        _hash.Dispose();
        Slots.Dispose();
    }
}

using System.Buffers;

namespace WebhookKit.Receiving;

/// <summary>Where the buffers of request bodies come from.</summary>
internal sealed record BodyPool(ArrayPool<byte> Buffers);

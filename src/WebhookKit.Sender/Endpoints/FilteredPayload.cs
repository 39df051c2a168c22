using System.Text.Json;

namespace WebhookKit.Endpoints;

/// <summary>A payload as filters see it, read once for all endpoints of its message.</summary>
internal sealed class FilteredPayload(ReadOnlyMemory<byte> payload) : IDisposable
{
    private readonly JsonDocument? _document = Read(payload);

    /// <summary>The JSON, or <see langword="null"/> where the payload is something else or too deeply nested.</summary>
    public JsonElement? Root => _document?.RootElement;

    public void Dispose() => _document?.Dispose();

    private static JsonDocument? Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return JsonDocument.Parse(payload);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

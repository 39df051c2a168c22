using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebhookKit.EntityFrameworkCore.Endpoints;

/// <summary>Metadata as it is stored: a JSON object of texts, or nothing.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class MetadataJson : JsonSerializerContext
{
    public static string? Write(IReadOnlyDictionary<string, string> metadata) => metadata.Count == 0
        ? null
        : JsonSerializer.Serialize(new Dictionary<string, string>(metadata), Default.DictionaryStringString);

    public static IReadOnlyDictionary<string, string> Read(string? text) =>
        text is null ? ReadOnlyDictionary<string, string>.Empty
        : JsonSerializer.Deserialize(text, Default.DictionaryStringString) ?? throw new FormatException("The metadata of an endpoint is no JSON object.");
}

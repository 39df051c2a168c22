using System.Text.Encodings.Web;
using System.Text.Json;

namespace WebhookKit.LoadTest.Processes;

/// <summary>One line of a role's input.</summary>
internal sealed record Question(string Name, JsonElement Argument);

/// <summary>One line of a role's output.</summary>
internal sealed record Answer(JsonElement Value, string? Error = null);

/// <summary>The answer to a question that only asks for something to be done.</summary>
internal sealed record Nothing;

internal static class Json
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        // For people: a "+" in a version is readable as itself.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WebhookKit;

/// <summary>What sender and receiver have in common.</summary>
public sealed class WebhooksOptions
{
    /// <summary>How event data is written and read.</summary>
    /// <value>
    /// Default: <see cref="JsonSerializerDefaults.Web"/>, repeated members refused. Types are found by reflection only
    /// where the host enables it; otherwise add a source-generated context to
    /// <see cref="JsonSerializerOptions.TypeInfoResolverChain"/>.
    /// </value>
    public JsonSerializerOptions JsonSerializerOptions { get; set; } = CreateDefault();

    /// <summary>How long what is finished is kept before it is deleted.</summary>
    public RetentionOptions Retention { get; } = new();

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Guarded by the reflection feature switch.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Guarded by the reflection feature switch.")]
    private static JsonSerializerOptions CreateDefault() => new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        TypeInfoResolver = JsonSerializer.IsReflectionEnabledByDefault
            ? new DefaultJsonTypeInfoResolver()
            : JsonTypeInfoResolver.Combine(),
    };
}

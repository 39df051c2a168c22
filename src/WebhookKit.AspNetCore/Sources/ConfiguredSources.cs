namespace WebhookKit.Sources;

/// <summary>What code says about every source that only configuration names.</summary>
/// <param name="Template">A declaration without name and provider.</param>
internal sealed record ConfiguredSources(SourceDeclaration Template);

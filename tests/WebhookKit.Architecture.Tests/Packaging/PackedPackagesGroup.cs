namespace WebhookKit.Architecture.Tests.Packaging;

/// <summary>Tests that share what is packed once.</summary>
[CollectionDefinition(Name)]
public sealed class PackedPackagesGroup : ICollectionFixture<PackedPackages>
{
    public const string Name = "packed packages";
}

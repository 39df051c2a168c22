using System.Runtime.CompilerServices;

namespace WebhookKit.Architecture.Tests.Layout;

/// <summary>Verbs in one namespace, nouns in the front door or under their concept.</summary>
internal static class NamespaceRules
{
    private const string FrontDoor = "WebhookKit";

    public static string? Check(Type type, IReadOnlySet<string> allowed)
    {
        if (type.IsDefined(typeof(ExtensionAttribute), inherit: false))
        {
            return type.Namespace == FrontDoor ? null : $"{type} has public extension methods: move it to namespace {FrontDoor}.";
        }

        return allowed.Contains(type.Namespace ?? "") ? null : $"{type} is in {type.Namespace}, which is no concept of the design.";
    }

    public static IReadOnlySet<string> Allowed(IEnumerable<Package> packages) => packages
        .SelectMany(package => package.Concepts)
        .Where(concept => !concept.Contains('/', StringComparison.Ordinal))
        .Select(concept => $"{FrontDoor}.{concept}")
        .Append(FrontDoor)
        .Append("WebhookKit.Testing")
        .ToHashSet(StringComparer.Ordinal);
}

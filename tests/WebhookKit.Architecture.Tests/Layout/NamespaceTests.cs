using WebhookKit.Architecture.Tests.PublicApi.Samples;

namespace WebhookKit.Architecture.Tests.Layout;

public sealed class NamespaceTests
{
    private static readonly IReadOnlySet<string> Allowed = NamespaceRules.Allowed(Packages.All);

    public static TheoryData<string> PackageNames => Packages.Names;

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void PublicTypes_AreInTheFrontDoorOrUnderTheirConcept(string package) =>
        Violations.AssertNone(Packages.Get(package).Assembly.GetExportedTypes()
            .Select(type => NamespaceRules.Check(type, Allowed))
            .OfType<string>());

    [Fact]
    public void Check_TypeOutsideTheConcepts_IsAViolation() =>
        Assert.Contains("no concept", NamespaceRules.Check(typeof(Person), Allowed), StringComparison.Ordinal);

    [Fact]
    public void Check_ExtensionMethodsUnderAConcept_IsAViolation()
    {
        HashSet<string> allowed = [typeof(Person).Namespace!];

        Assert.Null(NamespaceRules.Check(typeof(Person), allowed));
        Assert.Contains("extension methods", NamespaceRules.Check(SampleVerbs, allowed), StringComparison.Ordinal);
    }

    private static Type SampleVerbs => typeof(Person).Assembly.GetType(typeof(Person).Namespace + ".Verbs", throwOnError: true)!;
}

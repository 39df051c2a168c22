using WebhookKit.Architecture.Tests.PublicApi.Samples;
using WebhookKit.Architecture.Tests.Snapshots;

namespace WebhookKit.Architecture.Tests.PublicApi;

public sealed class PublicApiTests
{
    public static TheoryData<string> PackageNames => Packages.Names;

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void PublicApi_OfEachPackage_IsTheReviewedOne(string package) =>
        Snapshot.Beside("tests/WebhookKit.Architecture.Tests/PublicApi").Match(package, PublicApiPrinter.Print(Packages.Get(package).Assembly));

    [Fact]
    public void Print_Samples_SaysEverythingAUserCanName() =>
        Snapshot.Beside("tests/WebhookKit.Architecture.Tests/PublicApi").Match(
            "Samples",
            PublicApiPrinter.Print(typeof(Person).Assembly.GetExportedTypes().Where(type => type.Namespace == typeof(Person).Namespace)));
}

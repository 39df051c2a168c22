namespace WebhookKit.Architecture.Tests.Layout;

public sealed class LayoutTests
{
    [Fact]
    public void Folders_OfSrc_AreConcepts() =>
        Violations.AssertNone(
            from package in Packages.All
            let root = Repository.PathOf("src/" + package.Name)
            from folder in Below(root)
            let violation = LayoutRules.CheckFolder(package, Path.GetRelativePath(root, folder).Replace('\\', '/'))
            where violation is not null
            select violation);

    [Fact]
    public void Folders_OfTheRepository_HaveNoBannedName() =>
        Violations.AssertNone(Below(Repository.Root).Select(folder => LayoutRules.CheckName(Repository.Relative(folder))).OfType<string>());

    [Fact]
    public void Files_OfSrc_AreShort() =>
        Violations.AssertNone(Repository.Files(".cs", "src")
            .Select(file => LayoutRules.CheckLength(Repository.Relative(file), File.ReadLines(file).Count()))
            .OfType<string>());

    [Theory]
    [InlineData("Retry", true)]
    [InlineData("Retry/Internal", true)]
    [InlineData("Verification/Providers", true)]
    [InlineData("Retry/Providers", false)]
    [InlineData("Internal", false)]
    [InlineData("Dispatch", false)]
    public void CheckFolder_OnlyConceptsPass(string folder, bool passes) =>
        Assert.Equal(passes, LayoutRules.CheckFolder(Packages.Get("WebhookKit"), folder) is null);

    [Theory]
    [InlineData("tests/WebhookKit.Tests/Retry", true)]
    [InlineData("tests/WebhookKit.Tests/helpers", false)]
    [InlineData("src/WebhookKit/Utils", false)]
    public void CheckName_BannedNamesFail(string folder, bool passes) =>
        Assert.Equal(passes, LayoutRules.CheckName(folder) is null);

    [Theory]
    [InlineData(350, true)]
    [InlineData(351, false)]
    public void CheckLength_LongFilesFail(int lines, bool passes) =>
        Assert.Equal(passes, LayoutRules.CheckLength("src/A.cs", lines) is null);

    private static IEnumerable<string> Below(string folder) =>
        Repository.Folders(folder).SelectMany(child => Below(child).Prepend(child));
}

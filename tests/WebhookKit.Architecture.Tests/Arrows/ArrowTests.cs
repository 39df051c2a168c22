namespace WebhookKit.Architecture.Tests.Arrows;

public sealed class ArrowTests
{
    [Fact]
    public void Projects_OfSrc_FollowTheStar()
    {
        var projects = Repository.Files(".csproj", "src").Select(ProjectFile.Load).ToList();

        Violations.AssertNone(projects.SelectMany(project => ArrowRules.Check(project, Packages.All)));
        Assert.Equal(Packages.All.Select(package => package.Name).Order(), projects.Select(project => project.Name).Order());
    }

    [Fact]
    public void Projects_OfTheRepository_AreInTheSolution()
    {
        var solution = File.ReadAllText(Repository.PathOf("WebhookKit.sln")).Replace('\\', '/');

        Violations.AssertNone(Repository.Files(".csproj")
            .Select(Repository.Relative)
            .Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal))
            .Select(project => $"{project} is not in WebhookKit.sln: dotnet sln add {project}"));
    }

    [Theory]
    [InlineData("WebhookKit.InMemory", """<ProjectReference Include="..\WebhookKit.Sender\WebhookKit.Sender.csproj" />""")]
    [InlineData("WebhookKit", """<ProjectReference Include="../WebhookKit.Sender/WebhookKit.Sender.csproj" />""")]
    [InlineData("WebhookKit", """<PackageReference Include="Polly.Core" />""")]
    [InlineData("WebhookKit.Sender", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""")]
    [InlineData("WebhookKit.Sender", """<Reference Include="Some.Library" />""")]
    [InlineData("WebhookKit.Unheard", "")]
    public void Check_ReferenceOutsideTheTable_IsAViolation(string name, string item)
    {
        var project = ProjectFile.Parse(name, $"<Project><ItemGroup>{item}</ItemGroup></Project>");

        Assert.Single(ArrowRules.Check(project, Packages.All));
    }
}

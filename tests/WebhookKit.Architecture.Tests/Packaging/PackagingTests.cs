using System.IO.Compression;
using System.Xml.Linq;
using WebhookKit.Architecture.Tests.Arrows;

namespace WebhookKit.Architecture.Tests.Packaging;

[Collection(PackedPackagesGroup.Name)]
public sealed class PackagingTests(PackedPackages packed)
{
    public static TheoryData<string> PackageNames => Packages.LibraryNames;

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void Package_CarriesItsPapers(string name)
    {
        using var package = ZipFile.OpenRead(Path.Combine(packed.Feed, $"{name}.{packed.Version}.nupkg"));
        using var symbols = ZipFile.OpenRead(Path.Combine(packed.Feed, $"{name}.{packed.Version}.snupkg"));
        var about = About(package, name);

        Assert.Equal("README.md", about["readme"]);
        Assert.Equal("icon.png", about["icon"]);
        Assert.Equal("MIT", about["license"]);
        Assert.NotEqual("Package Description", about["description"]);
        Assert.NotEmpty(about["tags"]);
        Assert.Superset(
            new HashSet<string> { "README.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml" },
            package.Entries.Select(entry => entry.FullName).ToHashSet());
        Assert.Contains(symbols.Entries, entry => entry.FullName == $"lib/net10.0/{name}.pdb");
    }

    [Theory]
    [MemberData(nameof(PackageNames))]
    public void Package_DependsOnWhatItsProjectReferences(string name)
    {
        using var package = ZipFile.OpenRead(Path.Combine(packed.Feed, $"{name}.{packed.Version}.nupkg"));
        var project = ProjectFile.Load(Repository.PathOf($"src/{name}/{name}.csproj"));
        var declared = Nuspec(package, name).Descendants()
            .Where(element => element.Name.LocalName is "dependency" or "frameworkReference")
            .Select(element => (string?)element.Attribute("id") ?? (string?)element.Attribute("name"));

        Assert.Equal(project.Projects.Concat(project.References).Order(), declared.Order());
    }

    [Fact]
    public async Task Packages_InAnotherApplication_RestoreBuildAndRun()
    {
        var references = Packages.Libraries.Select(package => $"""<PackageReference Include="{package.Name}" Version="{packed.Version}" />""");
        Write("nuget.config", $"""
            <configuration><packageSources><add key="packed" value="{packed.Feed}" /></packageSources></configuration>
            """);
        Write("Consumer.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>{string.Concat(references)}</ItemGroup>
            </Project>
            """);
        File.Copy(
            Repository.PathOf("tests/WebhookKit.Architecture.Tests/Packaging/Consumer/Program.cs"),
            Path.Combine(packed.Consumer, "Program.cs"));

        await Dotnet.RunAsync(packed.Consumer, "build", "--output", "out", "--disable-build-servers", "--nologo");
        var said = await Dotnet.RunAsync(packed.Consumer, "out/Consumer.dll");

        Assert.Equal("consumed " + string.Join(' ', Packages.Libraries.Select(package => package.Name).Order(StringComparer.Ordinal)), said.Trim());
    }

    private static Dictionary<string, string> About(ZipArchive package, string name) =>
        Nuspec(package, name).Root!.Elements().Single().Elements()
            .ToDictionary(element => element.Name.LocalName, element => element.Value, StringComparer.Ordinal);

    private static XDocument Nuspec(ZipArchive package, string name)
    {
        using var stream = package.GetEntry($"{name}.nuspec")!.Open();
        return XDocument.Load(stream);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(packed.Consumer, name), text);
}

using System.Diagnostics;
using System.Globalization;

namespace WebhookKit.Architecture.Tests.Packaging;

/// <summary>All packages, packed once from what was just built, under a version no cache can have.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("webhookkit-packages-").FullName;

    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{Stopwatch.GetTimestamp()}");

    /// <summary>Holds the packages.</summary>
    public string Feed => Path.Combine(_root, "feed");

    /// <summary>An empty folder outside the repository, whose settings must not help the consumer.</summary>
    public string Consumer => Path.Combine(_root, "consumer");

    /// <summary>Another, for the tool.</summary>
    public string Tool => Path.Combine(_root, "tool");

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Feed);
        Directory.CreateDirectory(Consumer);
        Directory.CreateDirectory(Tool);
        foreach (var package in Packages.All)
        {
            await Dotnet.RunAsync(
                Repository.Root,
                "pack", $"src/{package.Name}", "--no-build", "--configuration", Dotnet.Configuration, "--output", Feed,
                $"-p:PackageVersion={Version}", "--disable-build-servers", "--nologo");
        }
    }

    public async Task DisposeAsync()
    {
        var cache = (await Dotnet.RunAsync(_root, "nuget", "locals", "global-packages", "--list")).Split(": ", 2)[1].Trim();
        foreach (var package in Packages.All)
        {
            var versions = new DirectoryInfo(Path.Combine(cache, package.Name.ToLowerInvariant()));
            versions.CreateSubdirectory(Version).Delete(recursive: true);
            if (!versions.EnumerateFileSystemInfos().Any())
            {
                versions.Delete();
            }
        }

        Directory.Delete(_root, recursive: true);
    }
}

using System.IO.Compression;

namespace WebhookKit.Architecture.Tests.Packaging;

/// <summary>The tool, installed from its packed file alone.</summary>
[Collection(PackedPackagesGroup.Name)]
public sealed class ToolTests(PackedPackages packed)
{
    private const string Tool = "WebhookKit.Cli";

    [Fact]
    public void Package_CarriesItsPapers()
    {
        using var package = ZipFile.OpenRead(Path.Combine(packed.Feed, $"{Tool}.{packed.Version}.nupkg"));

        Assert.Superset(
            new HashSet<string> { "README.md", "icon.png", "tools/net10.0/any/DotnetToolSettings.xml", $"tools/net10.0/any/{Tool}.dll" },
            package.Entries.Select(entry => entry.FullName).ToHashSet());
    }

    [Fact]
    public async Task Tool_InstalledFromThePackedFile_SignsVerifiesAndChecksVectors()
    {
        await File.WriteAllTextAsync(
            Path.Combine(packed.Tool, "nuget.config"),
            $"""<configuration><packageSources><clear /><add key="packed" value="{packed.Feed}" /></packageSources></configuration>""");
        await Dotnet.RunAsync(
            packed.Tool, "tool", "install", Tool, "--version", packed.Version, "--tool-path", "tools", "--configfile", "nuget.config");

        var secret = (await RunAsync(0, "secret", "new")).Trim();
        var body = Path.Combine(packed.Tool, "body.json");
        await File.WriteAllTextAsync(body, """{"type":"order.paid"}""");
        var signed = await RunAsync(0, "sign", "stripe", "--secret", secret, "--body", body);
        var header = signed.Trim();
        Assert.StartsWith("Stripe-Signature: t=", header, StringComparison.Ordinal);
        Assert.StartsWith("verified", await RunAsync(0, "verify", "stripe", "--secret", secret, "--body", body, "--header", header), StringComparison.Ordinal);

        await File.AppendAllTextAsync(body, "\n");
        Assert.Contains(
            "altered body", await RunAsync(1, "verify", "stripe", "--secret", secret, "--body", body, "--header", header), StringComparison.Ordinal);

        await RunAsync(2, "verify", "no-such-provider");
        Assert.Equal("215 passed, 0 failed", (await RunAsync(0, "verify", "--vectors", Repository.PathOf("tests/vectors/open.json"))).TrimEnd());
    }

    private async Task<string> RunAsync(int exitCode, params string[] arguments)
    {
        var run = await Command.RunAsync(packed.Tool, Path.Combine(packed.Tool, "tools", "webhookkit"), arguments);
        Assert.True(run.ExitCode == exitCode, $"webhookkit {string.Join(' ', arguments)} ended with {run.ExitCode}:\n{run.Output}");
        return run.Output;
    }
}

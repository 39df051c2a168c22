namespace WebhookKit.Architecture.Tests.Packaging;

/// <summary>Publishes tests/WebhookKit.Trimmed for this machine, where every trim warning is an error, and runs it.</summary>
public sealed class TrimmingTests : IDisposable
{
    private readonly string _output = Directory.CreateTempSubdirectory("webhookkit-trimmed-").FullName;

    public void Dispose() => Directory.Delete(_output, recursive: true);

    [Fact]
    public async Task Application_PublishedTrimmed_SendsAndReceives()
    {
        // The packages were built with these tests; building them again here would race with packing them.
        await Dotnet.RunAsync(
            Repository.Root,
            "publish", "tests/WebhookKit.Trimmed", "--configuration", Dotnet.Configuration, "--output", _output,
            "-p:BuildProjectReferences=false", "--disable-build-servers", "--nologo");
        var run = await Command.RunAsync(_output, Path.Combine(_output, "WebhookKit.Trimmed"), []);

        Assert.True(run.ExitCode == 0, $"The trimmed application ended with {run.ExitCode}:\n{run.Output}");
        Assert.Equal("handled order.paid A-1001", run.Output.Trim());

        // What nobody calls is gone: the packages were trimmed, not merely copied.
        var built = new FileInfo(Packages.Get("WebhookKit").Assembly.Location);
        Assert.InRange(new FileInfo(Path.Combine(_output, built.Name)).Length, 1, built.Length - 1);
    }
}

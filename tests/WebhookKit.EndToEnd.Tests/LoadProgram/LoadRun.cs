using System.Diagnostics;
using System.Text.Json;

namespace WebhookKit.EndToEnd.Tests.LoadProgram;

/// <summary>A run of the built load program.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Output">All that it printed.</param>
/// <param name="Error">All that it said beside.</param>
internal sealed record LoadRun(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The JSON object on its last line.</summary>
    public JsonElement Figures => JsonDocument.Parse(Output.TrimEnd().Split('\n')[^1]).RootElement;

    public static async Task<LoadRun> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program(), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var limit = new CancellationTokenSource(Limit);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new LoadRun(process.ExitCode, await output, await error);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    // Built beside the tests, in the same configuration: tests/NAME/bin/CONFIGURATION/FRAMEWORK here.
    private static string Program()
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var root = framework.Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(
            root.FullName, "benchmarks/WebhookKit.LoadTest/bin", framework.Parent.Name, framework.Name, "WebhookKit.LoadTest.dll");
    }
}

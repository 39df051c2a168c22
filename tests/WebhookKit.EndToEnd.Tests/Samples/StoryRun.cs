using System.Diagnostics;
using System.Text.RegularExpressions;

namespace WebhookKit.EndToEnd.Tests.Samples;

/// <summary>A run of a built sample that tells a story.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Output">All that it printed.</param>
internal sealed partial record StoryRun(int ExitCode, string Output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Its steps in order, and whether each went as promised.</summary>
    public IEnumerable<(int Number, bool AsPromised)> Steps => StepLine().Matches(Output).Select(line =>
        (int.Parse(line.Groups["number"].ValueSpan), line.Groups["verdict"].ValueSpan is "ok"));

    public static async Task<StoryRun> RunAsync(string sample, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Find(sample), .. arguments])
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
            return new StoryRun(process.ExitCode, await output + await error);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    // Built beside the tests, in the same configuration: tests/NAME/bin/CONFIGURATION/FRAMEWORK here.
    private static string Find(string sample)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var root = framework.Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(root.FullName, "samples", sample, "bin", framework.Parent.Name, framework.Name, $"{sample}.dll");
    }

    [GeneratedRegex(@"^ (?<number>\d+)\. (?<verdict>ok|BROKEN) ", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex StepLine();
}

using System.Diagnostics;

namespace WebhookKit.EndToEnd.Tests.Hosting;

/// <summary>A run of a program of this repository, built beside the tests in the same configuration.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Output">All that it printed.</param>
/// <param name="Error">All that it said beside.</param>
internal sealed record BuiltProgram(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program to its end; a run that takes longer than the limit is killed, with what it started.</summary>
    /// <param name="folder">The folder of its project, from the root of the repository; the project's name is that of its assembly.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="arguments">What it is told.</param>
    public static async Task<BuiltProgram> RunAsync(string folder, TimeSpan limit, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Find(folder), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var patience = new CancellationTokenSource(limit);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new BuiltProgram(process.ExitCode, await output, await error);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    // This assembly is in tests/NAME/bin/CONFIGURATION/FRAMEWORK.
    private static string Find(string folder)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var root = framework.Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(root.FullName, folder, "bin", framework.Parent.Name, framework.Name, $"{Path.GetFileName(folder)}.dll");
    }
}

using System.Text.Json;
using WebhookKit.EndToEnd.Tests.Hosting;

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
        var run = await BuiltProgram.RunAsync("benchmarks/WebhookKit.LoadTest", Limit, arguments);
        return new LoadRun(run.ExitCode, run.Output, run.Error);
    }
}

using System.Text.RegularExpressions;
using WebhookKit.EndToEnd.Tests.Hosting;

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
        var run = await BuiltProgram.RunAsync($"samples/{sample}", Limit, arguments);
        return new StoryRun(run.ExitCode, run.Output + run.Error);
    }

    [GeneratedRegex(@"^ (?<number>\d+)\. (?<verdict>ok|BROKEN) ", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex StepLine();
}

using System.Text;
using WebhookKit.Testing;

namespace WebhookKit.Cli.Tests;

/// <summary>What a run of the tool ended with and printed.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public string[] Lines => Out.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    public static Task<CliRun> RunAsync(params string[] arguments) => RunAsync("", arguments);

    /// <summary>Runs the tool with this on its standard input, and the variables <c>KIT_…</c> in its environment.</summary>
    public static async Task<CliRun> RunAsync(string input, string[] arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = new CliHost(
            output,
            error,
            () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            name => variables?.GetValueOrDefault(name),
            new FakeTimeProvider(Now));
        var exitCode = await CliApplication.RunAsync(arguments, host);
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }
}

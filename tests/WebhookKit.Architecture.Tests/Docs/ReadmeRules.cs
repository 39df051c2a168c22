namespace WebhookKit.Architecture.Tests.Docs;

/// <summary>A newcomer needs two commands: one to see it work, one to run every test.</summary>
internal static class ReadmeRules
{
    private static readonly string[] Commands = ["dotnet run --project samples/QuickStart", "eng/test.sh"];

    public static string? Check(string text)
    {
        var lines = new Markdown(text).Code
            .Where(block => block.Language is "sh" or "bash" or "shell" or "console")
            .SelectMany(block => block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        return lines.SequenceEqual(Commands) ? null : $"README.md has exactly these commands: {string.Join(" and ", Commands)}.";
    }
}

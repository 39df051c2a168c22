using System.Text.RegularExpressions;

namespace WebhookKit.Architecture.Tests.Docs;

/// <summary>A page that points to a test points to one that is there.</summary>
internal static partial class TestNameRules
{
    /// <param name="text">The page.</param>
    /// <param name="sources">The tests' code, by the name of the file without its ending.</param>
    public static IEnumerable<string> Check(string text, ILookup<string, string> sources) =>
        from Match name in Name().Matches(text)
        where !sources[name.Groups["class"].Value].Any(source => source.Contains($" {name.Groups["test"].Value}(", StringComparison.Ordinal))
        select $"There is no test {name.Value}.";

    [GeneratedRegex("`(?<class>[A-Za-z0-9]+(?:Tests|Suite))\\.(?<test>[A-Za-z0-9_]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}

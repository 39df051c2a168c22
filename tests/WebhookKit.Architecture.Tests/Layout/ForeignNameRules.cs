using System.Text.RegularExpressions;

namespace WebhookKit.Architecture.Tests.Layout;

/// <summary>The repository works wherever it is cloned and with whatever package feed is configured there.</summary>
internal static partial class ForeignNameRules
{
    public static IEnumerable<string> Check(string file, string text)
    {
        foreach (Match match in RegistryHost().Matches(text))
        {
            var cure = file.EndsWith("package-lock.json", StringComparison.Ordinal)
                ? " (npm's omit-lockfile-registry-resolved leaves them out)"
                : "";
            yield return $"{file} names the package registry {match.Value}{cure}.";
        }

        foreach (Match match in MachinePath().Matches(text))
        {
            yield return $"{file} names a path of one machine: {match.Value}.";
        }
    }

    [GeneratedRegex(@"\b(?:nuget\.org|npmjs\.(?:org|com)|yarnpkg\.com|pypi\.org|crates\.io|myget\.org|feedz\.io|nuget\.pkg\.github\.com|pkgs\.dev\.azure\.com)\b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 60_000)]
    private static partial Regex RegistryHost();

    [GeneratedRegex(@"(?<![\w.$}~/-])/(?:home|root|Users|work)/\w[\w./-]*|\b[A-Z]:\\{1,2}(?:Users|Windows|dev|src|work|temp)\b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 60_000)]
    private static partial Regex MachinePath();
}

namespace WebhookKit.Architecture.Tests.Layout;

internal static class LayoutRules
{
    public const int LongestFile = 350;

    private static readonly HashSet<string> BannedFolders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Common", "Helpers", "Managers", "Misc", "Services", "Utilities", "Utils",
    };

    /// <param name="package">The package the folder is in.</param>
    /// <param name="folder">Relative to the package, separated by slashes.</param>
    public static string? CheckFolder(Package package, string folder)
    {
        var concept = folder.EndsWith("/Internal", StringComparison.Ordinal) ? folder[..^"/Internal".Length] : folder;
        return package.Concepts.Contains(concept)
            ? null
            : $"src/{package.Name}/{folder} is not a concept of the design: find the concept it belongs to, or add it to {nameof(Packages)}.";
    }

    /// <param name="folder">Relative to the repository, separated by slashes.</param>
    public static string? CheckName(string folder) =>
        BannedFolders.Contains(folder.Split('/')[^1]) ? $"{folder} names no concept." : null;

    public static string? CheckLength(string file, int lines) =>
        lines <= LongestFile ? null : $"{file} has {lines} lines, more than {LongestFile}: look for the second concept in it.";
}

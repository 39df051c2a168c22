namespace WebhookKit.Architecture.Tests.Docs;

internal static class LinkRules
{
    /// <summary>Checks the links within the repository; addresses elsewhere are not asked.</summary>
    public static IEnumerable<string> Check(string root, string file) =>
        from link in new Markdown(File.ReadAllText(file)).Links
        where !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal)
        let cause = Broken(root, file, link)
        where cause is not null
        select $"{Path.GetRelativePath(root, file)}: {link} {cause}.";

    private static string? Broken(string root, string file, string link)
    {
        var parts = link.Split('#', 2);
        var path = Uri.UnescapeDataString(parts[0]);
        if (path.StartsWith('/'))
        {
            return "is not relative";
        }

        var target = path.Length == 0 ? file : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, path));
        if (!target.StartsWith(root, StringComparison.Ordinal))
        {
            return "leaves the repository";
        }

        if (!Path.Exists(target))
        {
            return "does not exist";
        }

        return parts.Length < 2 || (File.Exists(target) && new Markdown(File.ReadAllText(target)).Anchors.Contains(parts[1]))
            ? null
            : "names no heading there";
    }
}

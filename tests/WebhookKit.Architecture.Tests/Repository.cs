namespace WebhookKit.Architecture.Tests;

/// <summary>The working tree these tests were built from, without what builds leave in it.</summary>
internal static class Repository
{
    private static readonly HashSet<string> GeneratedFolders = new(StringComparer.OrdinalIgnoreCase)
    {
        ".git", ".idea", ".vs", "artifacts", "bin", "BenchmarkDotNet.Artifacts", "node_modules", "obj", "TestResults",
    };

    public static string Root { get; } = FindRoot();

    public static string PathOf(string relativePath) => Path.Combine(Root, relativePath);

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    public static IEnumerable<string> Files(string extension, string below = "") =>
        Walk(PathOf(below)).Where(path => path.EndsWith(extension, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Walk(string folder) =>
        // In a further work tree of the same repository .git is a file.
        Directory.EnumerateFiles(folder).Where(path => Path.GetFileName(path) != ".git").Concat(Folders(folder).SelectMany(Walk));

    public static IEnumerable<string> Folders(string folder) =>
        Directory.EnumerateDirectories(folder).Where(child => !GeneratedFolders.Contains(Path.GetFileName(child)));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "WebhookKit.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("No WebhookKit.sln above the test assembly.");
    }
}

using System.Text.RegularExpressions;
using WebhookKit.Architecture.Tests.Snapshots;

namespace WebhookKit.Architecture.Tests.Docs;

/// <summary>
/// C# on a page is a copy of compiled code: the line before the block says
/// <c>&lt;!-- snippet: path#region --&gt;</c>, with the path from the root of the repository.
/// </summary>
internal static partial class SnippetRules
{
    private static readonly string[] Languages = ["csharp", "cs", "c#"];

    public static IEnumerable<string> Check(string root, string file) =>
        from block in new Markdown(File.ReadAllText(file)).Code
        where Languages.Contains(block.Language, StringComparer.OrdinalIgnoreCase)
        let cause = Stale(root, block)
        where cause is not null
        select $"{Path.GetRelativePath(root, file)}({block.Line}): {cause}";

    /// <summary>Copies the code into the blocks that name a region, as a page's author would.</summary>
    public static string Fill(string root, string text) => NamedBlock().Replace(text, match =>
    {
        var source = Path.Combine(root, match.Groups["path"].Value);
        var region = File.Exists(source) ? Region(File.ReadAllText(source), match.Groups["region"].Value) : null;
        return region is null ? match.Value : $"{match.Groups["start"].Value}{region}\n```";
    });

    private static string? Stale(string root, CodeBlock block)
    {
        var name = SnippetName().Match(block.Before);
        if (!name.Success)
        {
            return "C# without a source: put <!-- snippet: path#region --> on the line before it.";
        }

        var source = Path.GetFullPath(Path.Combine(root, name.Groups["path"].Value));
        if (!source.EndsWith(".cs", StringComparison.Ordinal) || !File.Exists(source) || !IsCompiled(root, source))
        {
            return $"{name.Groups["path"].Value} is not a C# file of a project.";
        }

        return Region(File.ReadAllText(source), name.Groups["region"].Value) switch
        {
            null => $"{name.Groups["path"].Value} has no #region {name.Groups["region"].Value}.",
            var text when text != block.Text.TrimEnd() => $"differs from {name.Value} (run again with {Snapshot.AcceptVariable}=1 to copy it). It should read:\n{text}",
            _ => null,
        };
    }

    /// <summary>The lines of a named region without their common indentation and without nested region marks.</summary>
    public static string? Region(string source, string name)
    {
        var lines = source.ReplaceLineEndings("\n").Split('\n');
        var start = Array.FindIndex(lines, line => line.Trim() == $"#region {name}");
        if (start < 0)
        {
            return null;
        }

        var depth = 1;
        var region = lines.Skip(start + 1)
            .TakeWhile(line => (depth += line.Trim() is var mark && IsStart(mark) ? 1 : IsEnd(mark) ? -1 : 0) > 0)
            .Where(line => !IsStart(line.Trim()) && !IsEnd(line.Trim()))
            .ToList();
        var indent = region.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();

        return string.Join('\n', region.Select(line => line.Length > 0 ? line[indent..] : line)).Trim('\n');
    }

    private static bool IsStart(string mark) => mark.StartsWith("#region", StringComparison.Ordinal);

    private static bool IsEnd(string mark) => mark.StartsWith("#endregion", StringComparison.Ordinal);

    private static bool IsCompiled(string root, string source)
    {
        for (var folder = Path.GetDirectoryName(source)!; folder.Length >= root.Length; folder = Path.GetDirectoryName(folder)!)
        {
            if (Directory.EnumerateFiles(folder, "*.csproj").Any())
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"^<!-- snippet: (?<path>[^#]+)#(?<region>[\w-]+) -->$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SnippetName();

    [GeneratedRegex(@"(?<start><!-- snippet: (?<path>[^#\n]+)#(?<region>[\w-]+) -->\n+```csharp\n)(?:(?!```).*\n)*```", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamedBlock();
}

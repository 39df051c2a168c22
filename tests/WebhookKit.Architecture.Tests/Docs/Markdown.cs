using System.Text.RegularExpressions;

namespace WebhookKit.Architecture.Tests.Docs;

/// <summary>A fenced block and the line that comes before it.</summary>
internal sealed record CodeBlock(int Line, string Language, string Before, string Text);

/// <summary>As much of Markdown as the rules here need.</summary>
internal sealed partial class Markdown
{
    public Markdown(string text)
    {
        var prose = new List<string>();
        var code = new List<CodeBlock>();
        var before = "";
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var fence = Fence().Match(lines[i]);
            if (!fence.Success)
            {
                prose.Add(lines[i]);
                before = string.IsNullOrWhiteSpace(lines[i]) ? before : lines[i].Trim();
                continue;
            }

            var start = i + 1;
            while (++i < lines.Length && lines[i].Trim() != fence.Groups["ticks"].Value)
            {
            }

            code.Add(new(start, fence.Groups["language"].Value, before, string.Join('\n', lines[start..Math.Min(i, lines.Length)])));
            before = "";
        }

        Code = code;
        Links = [.. prose.SelectMany(line => Link().Matches(InlineCode().Replace(line, ""))).Select(match => match.Groups["target"].Value)];
        Anchors = AnchorsOf(prose);
    }

    public IReadOnlyList<CodeBlock> Code { get; }

    public IReadOnlyList<string> Links { get; }

    /// <summary>Headings as the usual renderers name them.</summary>
    public IReadOnlySet<string> Anchors { get; }

    private static HashSet<string> AnchorsOf(IEnumerable<string> prose)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (var heading in prose.Select(line => Heading().Match(line)).Where(match => match.Success))
        {
            var text = LinkText().Replace(heading.Groups["text"].Value.Trim(), "${text}").ToLowerInvariant();
            var slug = NotInAnchors().Replace(text, "").Replace(' ', '-');
            for (var i = 0; !anchors.Add(i == 0 ? slug : $"{slug}-{i}"); i++)
            {
            }
        }

        return anchors;
    }

    [GeneratedRegex(@"^\s*(?<ticks>`{3,}|~{3,})\s*(?<language>[\w#+-]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?:\]\(\s*<?|^\[[^\]]+\]:\s*<?)(?<target>[^)\s>]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^#{1,6}\s+(?<text>.+?)\s*#*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkText();

    [GeneratedRegex(@"[^\p{L}\p{N}\p{Mn}\p{Pc} -]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NotInAnchors();
}

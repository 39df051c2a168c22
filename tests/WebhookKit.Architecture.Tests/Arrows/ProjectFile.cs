using System.Xml.Linq;

namespace WebhookKit.Architecture.Tests.Arrows;

/// <summary>The references a project file states, by name.</summary>
internal sealed record ProjectFile(string Name, IReadOnlyList<string> Projects, IReadOnlyList<string> References)
{
    public static ProjectFile Load(string path) => Parse(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path));

    public static ProjectFile Parse(string name, string xml)
    {
        var items = XDocument.Parse(xml).Descendants().ToLookup(
            element => element.Name.LocalName,
            element => (string?)element.Attribute("Include"),
            StringComparer.Ordinal);

        return new(
            name,
            [.. items["ProjectReference"].OfType<string>().Select(ProjectName)],
            [.. items["PackageReference"].Concat(items["FrameworkReference"]).Concat(items["Reference"]).OfType<string>()]);
    }

    private static string ProjectName(string include) => Path.GetFileNameWithoutExtension(include.Replace('\\', '/'));
}

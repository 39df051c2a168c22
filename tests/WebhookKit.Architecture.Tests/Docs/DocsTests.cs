using WebhookKit.Architecture.Tests.Snapshots;

namespace WebhookKit.Architecture.Tests.Docs;

public sealed class DocsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("webhookkit-docs-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Links_WithinTheRepository_Resolve() =>
        Violations.AssertNone(Repository.Files(".md").SelectMany(file => LinkRules.Check(Repository.Root, file)));

    [Fact]
    public void Snippets_AreCopiesOfCompiledCode()
    {
        foreach (var file in Repository.Files(".md").Where(_ => Snapshot.MayAccept(Environment.GetEnvironmentVariable)))
        {
            File.WriteAllText(file, SnippetRules.Fill(Repository.Root, File.ReadAllText(file)));
        }

        Violations.AssertNone(Repository.Files(".md").SelectMany(file => SnippetRules.Check(Repository.Root, file)));
    }

    [Fact]
    public void Readme_HasTwoCommands() =>
        Assert.Null(ReadmeRules.Check(File.ReadAllText(Repository.PathOf("README.md"))));

    [Fact]
    public void TestNames_OfPages_AreThere()
    {
        var sources = Repository.Files(".cs", "tests").ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        Violations.AssertNone(Repository.Files(".md").SelectMany(file => TestNameRules.Check(File.ReadAllText(file), sources)));
    }

    [Theory]
    [InlineData("`SomeTests.Act_State_Result`", true)]
    [InlineData("`SomeTests.Act_State`", false)]
    [InlineData("`OtherTests.Act_State_Result`", false)]
    [InlineData("`SomeClass.Nothing`", true)]
    public void TestNameRules_Check(string text, bool isThere)
    {
        var sources = new[] { "public void Act_State_Result()" }.ToLookup(_ => "SomeTests");

        Assert.Equal(isThere, !TestNameRules.Check(text, sources).Any());
    }

    [Theory]
    [InlineData("[a](other.md)", null)]
    [InlineData("[a](other.md#two-words-and-code)", null)]
    [InlineData("[a](other.md#again-1)", null)]
    [InlineData("[a](#here)", null)]
    [InlineData("[a](https://example.com/nowhere)", null)]
    [InlineData("`[a](missing.md)`", null)]
    [InlineData("```\n[a](missing.md)\n```", null)]
    [InlineData("[a](missing.md)", "does not exist")]
    [InlineData("[a]: missing.md", "does not exist")]
    [InlineData("![a](missing.png)", "does not exist")]
    [InlineData("[a](other.md#nothing)", "names no heading")]
    [InlineData("[a](#nothing)", "names no heading")]
    [InlineData("[a](../outside.md)", "leaves the repository")]
    [InlineData("[a](/other.md)", "not relative")]
    public void LinkRules_Check(string text, string? violation)
    {
        Write("other.md", "# Two words, and `code`\n## Again\n## Again\n");

        Check(LinkRules.Check(_root, Write("page.md", $"# Here\n\n{text}\n")), violation);
    }

    [Theory]
    [InlineData("<!-- snippet: app/Program.cs#first -->\n```csharp\nvar a = 1;\n\nif (a > 0)\n{\n    a++;\n}\n```", null)]
    [InlineData("<!-- snippet: app/Program.cs#first -->\n\n```csharp\nvar a = 1;\n```", "differs")]
    [InlineData("<!-- snippet: app/Program.cs#second -->\n```csharp\nvar a = 1;\n```", "no #region")]
    [InlineData("<!-- snippet: app/Missing.cs#first -->\n```csharp\nvar a = 1;\n```", "not a C# file")]
    [InlineData("<!-- snippet: loose/Program.cs#first -->\n```csharp\nvar a = 1;\n```", "not a C# file")]
    [InlineData("```csharp\nvar a = 1;\n```", "without a source")]
    [InlineData("```cs\nvar a = 1;\n```", "without a source")]
    [InlineData("<!-- snippet: app/Program.cs#first -->\nSome words.\n```csharp\nvar a = 1;\n```", "without a source")]
    [InlineData("```json\n{}\n```", null)]
    public void SnippetRules_Check(string text, string? violation)
    {
        const string Source = "{\n    #region first\n    var a = 1;\n\n    #region inner\n    if (a > 0)\n    #endregion\n    {\n        a++;\n    }\n    #endregion\n}\n";
        Write("app/app.csproj", "<Project />");
        Write("app/Program.cs", Source);
        Write("loose/Program.cs", Source);

        Check(SnippetRules.Check(_root, Write("page.md", text)), violation);
    }

    [Fact]
    public void SnippetRules_Fill_CopiesOnlyIntoBlocksThatNameTheirSource()
    {
        Write("app/app.csproj", "<Project />");
        Write("app/Program.cs", "    #region first\n    var a = 1;\n    #endregion\n");
        static string Page(string code) => $"<!-- snippet: app/Program.cs#first -->\n```csharp\n{code}```\nWords.\n```json\n1\n```\n";

        var filled = SnippetRules.Fill(_root, Page("old\n\nolder\n"));

        Assert.Equal(Page("var a = 1;\n"), filled);
        Assert.Equal(filled, SnippetRules.Fill(_root, Page("")));
        Check(SnippetRules.Check(_root, Write("page.md", filled)), null);
    }

    [Theory]
    [InlineData("```sh\ndotnet run --project samples/QuickStart\n```\n```sh\neng/test.sh\n```", true)]
    [InlineData("```sh\ndotnet run --project samples/QuickStart\n```", false)]
    [InlineData("```sh\ndotnet run --project samples/QuickStart\n```\n```sh\neng/test.sh\n```\n```sh\nls\n```", false)]
    [InlineData("```sh\ndotnet run --project samples/QuickStart\n```\n```bash\neng/tests.sh\n```", false)]
    public void ReadmeRules_Check(string text, bool passes) => Assert.Equal(passes, ReadmeRules.Check(text) is null);

    private static void Check(IEnumerable<string> violations, string? expected)
    {
        if (expected is null)
        {
            Assert.Empty(violations);
        }
        else
        {
            Assert.Contains(expected, Assert.Single(violations), StringComparison.Ordinal);
        }
    }

    private string Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}

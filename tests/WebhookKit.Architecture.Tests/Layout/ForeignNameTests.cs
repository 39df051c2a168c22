namespace WebhookKit.Architecture.Tests.Layout;

public sealed class ForeignNameTests
{
    private static readonly string[] Binary = [".png", ".ico", ".nupkg", ".snupkg", ".db"];

    [Fact]
    public void Files_NameNoRegistryAndNoMachine() =>
        Violations.AssertNone(Repository.Files("")
            .Where(file => !Binary.Contains(Path.GetExtension(file)))
            .SelectMany(file => ForeignNameRules.Check(Repository.Relative(file), File.ReadAllText(file))));

    [Theory]
    [InlineData("\"resolved\": \"https://registry.npm" + "js.org/x\"")]
    [InlineData("https://api.nuget" + ".org/v3")]
    [InlineData("cd /ho" + "me/someone/code")]
    [InlineData("see '/wo" + "rk/notes.md'")]
    [InlineData("C:\\Us" + "ers\\someone")]
    public void Check_ForeignName_IsAViolation(string text) => Assert.Single(ForeignNameRules.Check("a.md", text));

    [Theory]
    [InlineData("https://example.com/home/page and https://work.example/users/1")]
    [InlineData("samples/QuickStart/Program.cs, ~/work/x, $HOME/work/x, /webhooks/stripe")]
    [InlineData("Log(\"ID:\\n\")")]
    public void Check_OrdinaryText_Passes(string text) => Assert.Empty(ForeignNameRules.Check("a.md", text));
}

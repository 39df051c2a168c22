using System.Text.Json;
using System.Text.Json.Nodes;
using WebhookKit.Testing;

namespace WebhookKit.Cli.Tests;

/// <summary>One line per disagreement, and last how many passed and failed.</summary>
public sealed class VectorReportTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("catalogue.json")]
    [InlineData("open.json")]
    public async Task Verify_OurVectors_AllPass(string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "vectors", name);

        var run = await CliRun.RunAsync("verify", "--vectors", file);

        var vectors = SignatureVector.Parse(await File.ReadAllBytesAsync(file));
        Assert.True(run.ExitCode == 0, run.Out);
        Assert.Equal([$"{vectors.Count} passed, 0 failed"], run.Lines);
    }

    [Fact]
    public async Task Verify_Disagreements_AreALineEachAndEndWith1()
    {
        await WriteAsync(
            Handshake("answered", "slack", "kit", "valid"),
            Handshake("lies", "slack", "kit", "invalid"),
            Handshake("policy", "slack", "kit", "invalid", assert: "either"),
            Handshake("nobody", "no-such-provider", "kit", "valid"),
            Handshake("nobody-cares", "no-such-provider", "kit", "invalid", assert: "either"),
            Handshake("odd", "slack", "kit", "valid", kind: "riddle"));

        var run = await CliRun.RunAsync("verify", "--vectors", _file);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(5, run.Lines.Length);
        Assert.StartsWith("lies slack expected invalid got valid", run.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("nobody no-such-provider expected valid got unknown", run.Lines[1], StringComparison.Ordinal);
        Assert.StartsWith("nobody-cares no-such-provider", run.Lines[2], StringComparison.Ordinal);
        Assert.StartsWith("odd slack", run.Lines[3], StringComparison.Ordinal);
        Assert.Equal("2 passed, 4 failed", run.Lines[4]);
    }

    [Fact]
    public async Task Verify_VectorsThatNobodyUnderstands_AreALineEachAndTheOthersAreJudged()
    {
        string[] odd =
        [
            "1", "null", "[]", "{}", "\"x\"",
            Odd("expected", "\"maybe\""), Odd("expected", "null"), Odd("kind", "7"),
            Odd("bodyUtf8", "\"\\ud800\""), Odd("bodyBase64", "\"%%\""), Odd("expectedResponse", "7"),
            Odd("expectedResponse", "{\"status\":\"x\"}"), Odd("provider", "\"\""),
        ];
        string[] lenient =
        [
            Odd("headers", "null"), Odd("headers", "{\"x\":null,\"y\":[1,null]}"), Odd("secrets", "{\"a\":1}"), Odd("context", "[]"), Odd("url", "5"),
            Odd("extra", "{\"a\":[]}"), Odd("now", "1750000000.5"), Odd("now", "\"soon\""), Odd("id", "\"\\ud800\""),
        ];
        await File.WriteAllTextAsync(_file, $"\uFEFF[{string.Join(',', [.. odd, .. lenient])}]");

        var run = await CliRun.RunAsync("verify", "--vectors", _file);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(odd.Length, run.Lines.Length - 1);
        Assert.Equal($"{lenient.Length} passed, {odd.Length} failed", run.Lines[^1]);
    }

    [Fact]
    public async Task Verify_AsJson_IsAnObjectALine()
    {
        await WriteAsync(Handshake("lies", "slack", "kit", "invalid"));

        var run = await CliRun.RunAsync("verify", "--vectors", _file, "--json");

        var disagreement = JsonElement.Parse(run.Lines[0]);
        Assert.Equal(("lies", "slack", "invalid", "valid"), (
            disagreement.GetProperty("id").GetString(),
            disagreement.GetProperty("provider").GetString(),
            disagreement.GetProperty("expected").GetString(),
            disagreement.GetProperty("got").GetString()));
        var sums = JsonElement.Parse(run.Lines[1]);
        Assert.Equal((0, 1), (sums.GetProperty("passed").GetInt32(), sums.GetProperty("failed").GetInt32()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1")]
    public async Task Verify_NoFileOfVectors_IsWrongUsage(string text)
    {
        await File.WriteAllTextAsync(_file, text);

        var run = await CliRun.RunAsync("verify", "--vectors", _file);

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Out);
    }

    private static string Odd(string member, string json)
    {
        var vector = Handshake("odd", "slack", "kit", "valid");
        vector.Remove(member);
        return $"{vector.ToJsonString()[..^1]},\"{member}\":{json}}}";
    }

    private Task WriteAsync(params JsonObject[] vectors) => File.WriteAllTextAsync(_file, new JsonArray([.. vectors]).ToJsonString());

    private static JsonObject Handshake(
        string id, string provider, string challenge, string expected, string assert = "must", string kind = "handshake") => new()
        {
            ["id"] = id,
            ["provider"] = provider,
            ["schemeId"] = kind == "handshake" ? "handshake" : provider,
            ["kind"] = kind,
            ["method"] = "POST",
            ["headers"] = new JsonObject(),
            ["bodyUtf8"] = $$"""{"type":"url_verification","challenge":"{{challenge}}"}""",
            ["now"] = 1_750_000_000,
            ["expected"] = expected,
            ["assert"] = assert,
            ["reason"] = "kit",
            ["expectedResponse"] = new JsonObject { ["status"] = 200, ["bodyContains"] = challenge },
        };
}

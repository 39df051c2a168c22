using System.Text.Json;

namespace WebhookKit.Cli.Tests;

/// <summary>Of a refused request the tool says what a person has to mend.</summary>
public sealed class DiagnosisTests
{
    private const string Body = """{"type": "order.paid", "name": "Zoë"}""" + "\n";

    private readonly string _secret = WebhookSecret.Generate().Reveal();

    [Fact]
    public async Task Verify_HeaderMissing_SaysSo() =>
        await AssertCauseAsync("missing header", Body, headers => headers.Where(line => !line.StartsWith("webhook-id", StringComparison.Ordinal)));

    [Fact]
    public async Task Verify_HeaderTwice_IsMalformed() =>
        await AssertCauseAsync("malformed header", Body, headers => headers.Append("webhook-id: msg_2"));

    [Fact]
    public async Task Verify_TooOld_IsTheClock()
    {
        var finding = await AssertCauseAsync("clock", Body, now: CliRun.Now.AddSeconds(301));
        Assert.Contains("301 s old", finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_Ahead_IsTheClock()
    {
        var finding = await AssertCauseAsync("clock", Body, now: CliRun.Now.AddSeconds(-400));
        Assert.Contains("400 s ahead", finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_WithinAWiderTolerance_IsVerified() =>
        Assert.Equal(0, (await VerifyAsync(Body, headers => headers, CliRun.Now.AddSeconds(301), "--tolerance", "400")).ExitCode);

    [Fact]
    public async Task Verify_AnotherSecret_IsTheKey()
    {
        var signed = await SignAsync();
        var run = await CliRun.RunAsync(
            Body, ["verify", "standard-webhooks", "--secret", WebhookSecret.Generate().Reveal(), .. Headers(signed.Lines), "--json"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("key", JsonElement.Parse(run.Out).GetProperty("cause").GetString());
    }

    [Theory]
    [InlineData("{\"type\": \"order.paid\", \"name\": \"Zoë\"}\r\n", "CRLF")]
    [InlineData("{\"type\": \"order.paid\", \"name\": \"Zoë\"}", "line break at its end was lost")]
    [InlineData("\uFEFF{\"type\": \"order.paid\", \"name\": \"Zoë\"}\n", "byte order mark was added")]
    [InlineData("{\"type\": \"order.paid\", \"name\": \"ZoÃ«\"}\n", "Latin-1")]
    public async Task Verify_BodyChangedOnItsWay_SaysHow(string body, string how)
    {
        var finding = await AssertCauseAsync("altered body", body);
        Assert.Contains(how, finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_JsonWrittenAnew_SaysSo()
    {
        var signed = await CliRun.RunAsync("""{"a":1}""", ["sign", "standard-webhooks", "--secret", _secret]);
        var run = await CliRun.RunAsync("""{ "a": 1 }""", ["verify", "standard-webhooks", "--secret", _secret, .. Headers(signed.Lines)]);

        Assert.Contains("parsed and written anew", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_BodyCutOff_IsTheLength()
    {
        var finding = await AssertCauseAsync("altered body", Body[..^10], headers => headers.Append("Content-Length: 40"));
        Assert.Contains("Content-Length says 40 bytes", finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AnotherUrl_IsTheUrl()
    {
        var signed = await CliRun.RunAsync(Body, ["sign", "square", "--secret", "kit-secret-kit-secret", "--url", "https://example.com/hooks"]);
        Assert.True(signed.ExitCode == 0, signed.Error);
        var run = await CliRun.RunAsync(
            Body, ["verify", "square", "--secret", "kit-secret-kit-secret", "--url", "http://example.com/hooks", .. Headers(signed.Lines), "--json"]);

        Assert.Equal("url", JsonElement.Parse(run.Out).GetProperty("cause").GetString());
    }

    private async Task<string> AssertCauseAsync(
        string cause, string body, Func<IEnumerable<string>, IEnumerable<string>>? change = null, DateTimeOffset? now = null)
    {
        var run = await VerifyAsync(body, change ?? (headers => headers), now ?? CliRun.Now, "--json");
        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        var finding = JsonElement.Parse(run.Out);
        Assert.Equal(cause, finding.GetProperty("cause").GetString());
        Assert.False(finding.GetProperty("verified").GetBoolean());
        Assert.DoesNotContain(_secret, run.Out, StringComparison.Ordinal);
        return finding.GetProperty("detail").GetString()!;
    }

    private async Task<CliRun> VerifyAsync(
        string body, Func<IEnumerable<string>, IEnumerable<string>> change, DateTimeOffset now, params string[] more)
    {
        var signed = await SignAsync();
        return await CliRun.RunAsync(
            body,
            [
                "verify", "standard-webhooks", "--secret", _secret, "--now", $"{now.ToUnixTimeSeconds()}",
                .. Headers(change(signed.Lines)), .. more,
            ]);
    }

    private Task<CliRun> SignAsync() => CliRun.RunAsync(Body, ["sign", "standard-webhooks", "--secret", _secret]);

    private static IEnumerable<string> Headers(IEnumerable<string> lines) => lines.SelectMany(line => new[] { "--header", line });
}

namespace WebhookKit.Cli.Tests;

public sealed class SecretTests
{
    [Fact]
    public async Task New_PrintsAUsableSecretEachTime()
    {
        var first = await CliRun.RunAsync("secret", "new");
        var second = await CliRun.RunAsync("secret", "new", "--bytes", "64");

        Assert.Equal(0, first.ExitCode);
        Assert.True(WebhookSecret.TryParse(Assert.Single(first.Lines), out _));
        Assert.True(WebhookSecret.TryParse(Assert.Single(second.Lines), out _));
        Assert.NotEqual(first.Out, second.Out);
    }

    [Fact]
    public async Task Public_OfANewSigningKey_IsItsVerificationKey()
    {
        var pair = (await CliRun.RunAsync("secret", "new", "--asymmetric")).Lines;

        var run = await CliRun.RunAsync(
            "", ["secret", "public", "--secret-env", "KIT_KEY"], new Dictionary<string, string> { ["KIT_KEY"] = pair[0] });

        Assert.StartsWith("whsk_", pair[0], StringComparison.Ordinal);
        Assert.Equal([pair[1]], run.Lines);
    }

    [Fact]
    public async Task Public_OfASecret_IsRefusedWithoutQuotingIt()
    {
        var secret = WebhookSecret.Generate().Reveal();

        var run = await CliRun.RunAsync("secret", "public", "--secret", secret);

        Assert.Equal(2, run.ExitCode);
        Assert.DoesNotContain(secret, run.Error, StringComparison.Ordinal);
    }
}

using System.Text.Json;
using WebhookKit.Verification;

namespace WebhookKit.Cli.Tests;

/// <summary>What the tool signs it verifies, for every provider of the catalogue that a secret can sign as.</summary>
public sealed class SignAndVerifyTests
{
    // Linear signs the time within its body.
    private const string Body = """{"type":"order.paid","data":{"id":"o1"},"webhookTimestamp":1772366400000}""";
    private const string Url = "https://example.com/hooks?a=1";

    public static TheoryData<string> Signable => [.. WebhookProviders.All.Where(CanSign).Select(provider => provider.Name)];

    [Fact]
    public void Sign_Catalogue_CoversMostOfIt() => Assert.InRange(Signable.Count, 60, WebhookProviders.All.Count);

    [Theory]
    [MemberData(nameof(Signable))]
    public async Task Sign_EveryProvider_IsVerifiedAndItsTamperedTwinIsNot(string name)
    {
        WebhookProviders.TryGet(name, out var provider);
        var secret = SecretOf(provider!);
        string[] common = [name, "--secret", secret, "--url", Url, "--header", "x-sinch-webhook-signature-nonce: 01FJA8B4A7BM43YGWSG9GBV067"];
        string[] settings = [.. provider!.Settings.Where(setting => setting.IsRequired).SelectMany(setting => new[] { "--setting", $"{setting.Name}=kit" })];

        var signed = await CliRun.RunAsync(Body, ["sign", .. common, .. settings, "--json"]);
        Assert.True(signed.ExitCode == 0, signed.Error);
        string[] headers =
        [
            .. JsonElement.Parse(signed.Out).GetProperty("headers").EnumerateObject().SelectMany(header => new[] { "--header", $"{header.Name}: {header.Value}" }),
        ];

        var verified = await CliRun.RunAsync(Body, ["verify", .. common, .. settings, .. headers, "--json"]);
        Assert.True(verified.ExitCode == 0, verified.Out + verified.Error);
        Assert.True(JsonElement.Parse(verified.Out).GetProperty("verified").GetBoolean());

        var tampered = await CliRun.RunAsync(Body.Replace("o1", "o2", StringComparison.Ordinal), ["verify", .. common, .. settings, .. headers]);
        Assert.Equal((1, ""), (tampered.ExitCode, tampered.Error));
        Assert.DoesNotContain(secret, tampered.Out, StringComparison.Ordinal);
        foreach (var header in headers.Where(header => header.Length > 60))
        {
            Assert.DoesNotContain(header, tampered.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Sign_WithASigningKey_IsVerifiedByItsVerificationKey()
    {
        var pair = JsonElement.Parse((await CliRun.RunAsync("secret", "new", "--asymmetric", "--json")).Out);

        var signed = await CliRun.RunAsync(Body, ["sign", "standard-webhooks", "--secret", pair.GetProperty("signingKey").GetString()!]);
        var verified = await CliRun.RunAsync(
            Body,
            ["verify", "standard-webhooks", "--secret", pair.GetProperty("verificationKey").GetString()!, .. signed.Lines.SelectMany(line => new[] { "-H", line })]);

        Assert.True(verified.ExitCode == 0, verified.Out + verified.Error);
    }

    [Fact]
    public async Task Sign_ProviderWithAKeyOfItsOwn_SaysSo()
    {
        var key = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";
        var run = await CliRun.RunAsync(Body, ["sign", "telnyx", "--secret", key]);

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Out);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("sign")]
    public async Task UnknownProvider_IsWrongUsageAndNamesTheKnown(string command)
    {
        var run = await CliRun.RunAsync(command, "strype", "--secret", "x");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("stripe", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_OfAnotherForm_IsWrongUsageWithoutQuotingIt()
    {
        var run = await CliRun.RunAsync(Body, ["verify", "standard-webhooks", "--secret", "whsec_not-base64-at-all"]);

        Assert.Equal(2, run.ExitCode);
        Assert.DoesNotContain("not-base64-at-all", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify", "stripe")]
    [InlineData("sign", "stripe")]
    [InlineData("verify")]
    [InlineData("verify", "stripe", "--vectors", "x.json")]
    [InlineData("verify", "--vectors", "/no/such/file.json")]
    [InlineData("verify", "stripe", "--secret-env", "KIT_MISSING")]
    [InlineData("verify", "stripe", "--secret-file", "/no/such/file")]
    [InlineData("verify", "stripe", "--secret", "x", "--header", "no colon")]
    [InlineData("verify", "stripe", "--secret", "x", "--no-such-option")]
    [InlineData("secret", "new", "--bytes", "8")]
    [InlineData("secret", "public")]
    [InlineData("listen", "--status", "42")]
    [InlineData()]
    public async Task WrongUsage_EndsWith2(params string[] arguments)
    {
        var run = await CliRun.RunAsync(Body, arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.NotEmpty(run.Error);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task Secrets_FromVariableAndFile_AreTriedInTurn()
    {
        var (old, current) = (WebhookSecret.Generate().Reveal(), WebhookSecret.Generate().Reveal());
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, current + "\n");
        try
        {
            var signed = await CliRun.RunAsync(Body, ["sign", "standard-webhooks", "--secret-file", file, "--id", "msg_1"]);
            var verified = await CliRun.RunAsync(
                Body,
                ["verify", "standard-webhooks", "--secret-env", "KIT_OLD", "--secret-file", file, .. signed.Lines.SelectMany(line => new[] { "-H", line })],
                new Dictionary<string, string> { ["KIT_OLD"] = old });

            Assert.Equal("verified: key 2, id msg_1, signed 2026-03-01T12:00:00Z", Assert.Single(verified.Lines));
        }
        finally
        {
            File.Delete(file);
        }
    }

    // Of those that are code, the ones in the way of Standard Webhooks alone insist on its form of secrets.
    private static bool CanSign(WebhookProvider provider) => provider.Signature is { } rule
        ? rule.Algorithm < SignatureAlgorithm.Ed25519
        : provider.ValidateSecret("no such secret") is not null && provider.ValidateSecret(SampleSecret) is null;

    private static string SampleSecret { get; } = WebhookSecret.Generate().Reveal();

    private static string SecretOf(WebhookProvider provider) => provider.Signature?.KeyForm switch
    {
        null => SampleSecret,
        KeyForm.Hex => "44782def547aaa06c910c43932b1eb0c71fc68d9d0c057550c48ec2acf6ba056",
        KeyForm.Base64 => "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        _ => "kit-secret-kit-secret",
    };
}

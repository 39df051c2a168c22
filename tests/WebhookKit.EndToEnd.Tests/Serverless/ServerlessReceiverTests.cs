using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using WebhookKit.Testing;

namespace WebhookKit.EndToEnd.Tests.Serverless;

/// <summary>The sample that receives without a web framework, fed as a function is.</summary>
public sealed class ServerlessReceiverTests : IDisposable
{
    private const string Payload = """{"type":"order.paid","data":{"name":"Zoë"}}""";
    private const string Question = """{"type":"url_verification","challenge":"kit-challenge"}""";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("serverless-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_WithoutRequests_ShowsWhatItsReadmeSays()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Root(), "samples/ServerlessReceiver/README.md"));
        var shown = readme.Split("```text\n")[1].Split("```")[0];

        Assert.Equal(shown, await RunAsync("", "--file", Path.Combine(_folder, "function.db")));
    }

    [Fact]
    public async Task Run_FunctionRequests_AreAnsweredAndHandledOnceOverAllInstances()
    {
        var signed = await PartnerAsync();
        var encoded = await PartnerAsync(asBase64: true);
        var tampered = await PartnerAsync();
        tampered["body"] = Payload.Replace("Zoë", "Zoe", StringComparison.Ordinal);
        var unsigned = Slack();
        unsigned["headers"] = new JsonObject();
        var elsewhere = Slack();
        elsewhere["rawPath"] = "/hooks/nobody";
        JsonObject[] requests = [signed, signed, encoded, tampered, Slack(), unsigned, elsewhere];
        string[] arguments = ["--requests", "--file", Path.Combine(_folder, "function.db")];

        var first = await AnswersAsync(requests, arguments);
        var second = await AnswersAsync([signed, encoded, await PartnerAsync()], arguments);

        Assert.Equal([200, 200, 200, 401, 200, 401, 404], first.Statuses);
        Assert.Equal("kit-challenge", first.Bodies[4]);
        Assert.All(first.Bodies.Where((_, place) => place != 4), Assert.Empty);
        Assert.Equal("2 received", first.Last);
        Assert.Equal([200, 200, 200], second.Statuses);
        Assert.Equal("3 received", second.Last);
    }

    private static async Task<JsonObject> PartnerAsync(bool asBase64 = false)
    {
        using var requests = new SignedRequestFactory(WebhookSecret.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        using var request = await requests.CreateAsync("https://hooks.example.com/hooks/partner", Payload);
        var headers = request.Headers.Select(header => KeyValuePair.Create<string, JsonNode?>(header.Key, header.Value.Single()));
        return Function("/hooks/partner", asBase64 ? Convert.ToBase64String(Encoding.UTF8.GetBytes(Payload)) : Payload, asBase64, headers);
    }

    private static JsonObject Slack()
    {
        var now = $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}";
        var signature = HMACSHA256.HashData("8f742231b10e8888abcd99yyyzzz85a5"u8, Encoding.UTF8.GetBytes($"v0:{now}:{Question}"));
        return Function("/hooks/slack", Question, isBase64: false,
        [
            KeyValuePair.Create<string, JsonNode?>("x-slack-request-timestamp", now),
            KeyValuePair.Create<string, JsonNode?>("x-slack-signature", $"v0={Convert.ToHexStringLower(signature)}"),
        ]);
    }

    private static JsonObject Function(string path, string body, bool isBase64, IEnumerable<KeyValuePair<string, JsonNode?>> headers) => new()
    {
        ["version"] = "2.0",
        ["rawPath"] = path,
        ["rawQueryString"] = "",
        ["headers"] = new JsonObject(headers),
        ["requestContext"] = new JsonObject { ["domainName"] = "hooks.example.com", ["http"] = new JsonObject { ["method"] = "POST", ["path"] = path } },
        ["body"] = body,
        ["isBase64Encoded"] = isBase64,
    };

    private static async Task<(int[] Statuses, string[] Bodies, string Last)> AnswersAsync(IEnumerable<JsonObject> requests, string[] arguments)
    {
        var input = string.Concat(requests.Select(request => request.ToJsonString() + "\n"));
        var lines = (await RunAsync(input, arguments)).TrimEnd().Split('\n');
        var answers = lines[..^1].Select(line => JsonNode.Parse(line)!).ToArray();
        return (
            [.. answers.Select(answer => answer["statusCode"]!.GetValue<int>())],
            [.. answers.Select(answer => answer["body"]!.GetValue<string>())],
            lines[^1]);
    }

    private static async Task<string> RunAsync(string input, params string[] arguments)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var sample = Path.Combine(Root(), "samples/ServerlessReceiver/bin", framework.Parent!.Name, framework.Name, "ServerlessReceiver.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [sample, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        })!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, await error);
            return await output;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    // Built beside the tests, in the same configuration: tests/NAME/bin/CONFIGURATION/FRAMEWORK here.
    private static string Root() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
}

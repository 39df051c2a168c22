using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using WebhookKit.Testing;

namespace WebhookKit.Cli.Tests;

/// <summary>The local receiver over real HTTP.</summary>
public sealed class ListenTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Listen_SignedAndForgedRequests_ShowsEachWithItsVerdict()
    {
        var secret = WebhookSecret.Generate();
        await using var listening = await Listening.StartAsync(
            "--provider", "standard-webhooks", "--secret", secret.Reveal(), "--status", "202", "--count", "2");
        using var requests = new SignedRequestFactory([secret], new FakeTimeProvider(CliRun.Now));
        using var client = new HttpClient();

        using var genuine = await client.SendAsync(await requests.CreateAsync(listening.Url + "hooks?a=b", """{"type":"order.paid"}"""));
        var first = await listening.ReadAsync();
        using var forged = await client.PostAsync(listening.Url, new StringContent("x\u001b[2J", Encoding.UTF8));
        var second = await listening.ReadAsync();

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (genuine.StatusCode, forged.StatusCode));
        Assert.True(first.GetProperty("accepted").GetBoolean());
        Assert.Equal("""{"type":"order.paid"}""", first.GetProperty("body").GetString());
        Assert.EndsWith("/hooks?a=b", first.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.False(second.GetProperty("accepted").GetBoolean());
        Assert.Contains("missing header", second.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', second.GetProperty("body").GetString()!);
        Assert.Equal(202, second.GetProperty("answered").GetInt32());
        Assert.Equal(0, await listening.EndAsync());
    }

    [Fact]
    public async Task Listen_Handshake_IsAnsweredAsTheProviderWants()
    {
        await using var listening = await Listening.StartAsync("--provider", "dropbox", "--secret", "kit-dropbox-secret", "--count", "1");
        using var client = new HttpClient();

        var answer = await client.GetStringAsync(listening.Url + "?challenge=kit-challenge");

        Assert.Equal("kit-challenge", answer);
        Assert.Contains("handshake: Answered", (await listening.ReadAsync()).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await listening.EndAsync());
    }

    [Fact]
    public async Task Listen_SecretSentAlong_IsNotShown()
    {
        await using var listening = await Listening.StartAsync("--provider", "gitlab-token", "--secret", "kit-gitlab-token-value", "--count", "1");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, listening.Url) { Content = new StringContent("{}") };
        request.Headers.Add("X-Gitlab-Token", "kit-gitlab-token-value");

        using var response = await client.SendAsync(request);

        var seen = await listening.ReadAsync();
        Assert.True(seen.GetProperty("accepted").GetBoolean());
        Assert.DoesNotContain("kit-gitlab-token-value", seen.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, await listening.EndAsync());
    }

    [Fact]
    public async Task Listen_ForPeople_PrintsAParagraph()
    {
        await using var listening = await Listening.StartAsync(asJson: false, "--count", "1");
        using var client = new HttpClient();

        using var response = await client.PostAsync(listening.Url, new StringContent("[red]not markup[/]"));
        Assert.Equal(0, await listening.EndAsync());

        Assert.Contains("[red]not markup[/]", listening.Rest, StringComparer.Ordinal);
        Assert.Contains("answered 200", listening.Rest, StringComparer.Ordinal);
    }

    private sealed class Listening : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new(Patience);
        private readonly LineWriter _output = new();
        private Task<int> _running = Task.FromResult(0);

        public string Url { get; private set; } = "";

        public List<string> Rest { get; } = [];

        public static Task<Listening> StartAsync(params string[] arguments) => StartAsync(asJson: true, arguments);

        public static async Task<Listening> StartAsync(bool asJson, params string[] arguments)
        {
            var listening = new Listening();
            var host = new CliHost(listening._output, TextWriter.Null, () => Stream.Null, _ => null, new FakeTimeProvider(CliRun.Now));
            string[] all = ["listen", "--port", "0", .. arguments, .. asJson ? ["--json"] : Array.Empty<string>()];
            listening._running = Task.Run(() => CliApplication.RunAsync(all, host, listening._stop.Token));
            var first = await listening._output.ReadAsync(listening._stop.Token);
            listening.Url = (asJson ? JsonElement.Parse(first).GetProperty("listening").GetString()! : first.Split(' ')[2].TrimEnd(',')) + "/";
            return listening;
        }

        public async Task<JsonElement> ReadAsync() => JsonElement.Parse(await _output.ReadAsync(_stop.Token));

        public async Task<int> EndAsync()
        {
            var exitCode = await _running.WaitAsync(Patience);
            _output.Complete();
            while (await _output.WaitAsync())
            {
                Rest.Add(await _output.ReadAsync(_stop.Token));
            }

            return exitCode;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            _stop.Dispose();
            await _output.DisposeAsync();
        }
    }

    /// <summary>Hands over each line as it is written.</summary>
    private sealed class LineWriter : TextWriter
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private readonly StringBuilder _line = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            lock (_line)
            {
                if (value == '\n')
                {
                    _lines.Writer.TryWrite(_line.ToString().TrimEnd('\r'));
                    _line.Clear();
                }
                else
                {
                    _line.Append(value);
                }
            }
        }

        public ValueTask<string> ReadAsync(CancellationToken cancellationToken) => _lines.Reader.ReadAsync(cancellationToken);

        public ValueTask<bool> WaitAsync() => _lines.Reader.WaitToReadAsync();

        public void Complete() => _lines.Writer.TryComplete();
    }
}

using System.Net;
using Microsoft.Data.Sqlite;
using WebhookKit.Testing;

namespace WebhookKit.EndToEnd.Tests.Receiving;

/// <summary>Mixed duplicates to a receiver that is killed again and again: every event has one effect.</summary>
public sealed class KilledReceiverTests : IDisposable
{
    private const int Events = 300;
    private const int Copies = 3;
    private const int Senders = 12;

    // Acknowledged requests, of all there are, after which the receiver is killed.
    private static readonly int[] KillsAfter = [100, 350, 600];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("webhookkit-").FullName;
    private readonly WebhookSecret _secret = WebhookSecret.Generate();
    private readonly SemaphoreSlim _restart = new(1);
    private ReceiverProcess? _receiver;
    private int _acknowledged;
    private int _kills;

    private string File => Path.Combine(_folder, "received.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Receive_KilledAmongDuplicates_EveryEventHasOneEffect(bool inbox)
    {
        using var patience = new CancellationTokenSource(Patience);
        await StartAsync(inbox);
        await using var stop = new Stop(this);
        // The same order in every run, with the copies of an event near each other.
        var random = new Random(4);
        var requests = Enumerable.Range(0, Events * Copies).OrderBy(i => (i / Copies) + random.Next(20)).Select(i => i / Copies).ToArray();
        var next = -1;

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            using var client = new HttpClient();
            using var signer = new SignedRequestFactory(_secret);
            for (var i = Interlocked.Increment(ref next); i < requests.Length; i = Interlocked.Increment(ref next))
            {
                await SendUntilAcknowledgedAsync(client, signer, requests[i], inbox, patience.Token);
            }
        })));
        while (inbox && await CountAsync("SELECT count(*) FROM webhook_inbox WHERE status <> 1") > 0)
        {
            await Task.Delay(100, patience.Token);
        }

        Assert.Equal(KillsAfter.Length, _kills);
        Assert.Equal(Events, await CountAsync("SELECT count(DISTINCT EventId) FROM Received"));
        Assert.Equal(Events, await CountAsync("SELECT count(*) FROM Received"));
        Assert.Equal(Events, await CountAsync("SELECT count(*) FROM webhook_claims"));
    }

    private async Task SendUntilAcknowledgedAsync(
        HttpClient client, SignedRequestFactory signer, int number, bool inbox, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var url = new Uri(await _receiver!.Url, "/webhooks/partner");
                using var request = await signer.CreateAsync(
                    url.ToString(), $$"""{"type":"thing.made","data":{{number}}}""", new SignedRequestOptions { Id = $"evt_{number}" });
                using var response = await client.SendAsync(request, cancellationToken);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    await KillWhenTimeHasComeAsync(Interlocked.Increment(ref _acknowledged), inbox);
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Killed; it comes back elsewhere.
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    private async Task KillWhenTimeHasComeAsync(int acknowledged, bool inbox)
    {
        if (!KillsAfter.Contains(acknowledged))
        {
            return;
        }

        await _restart.WaitAsync();
        try
        {
            await _receiver!.KillAsync();
            _kills++;
            await StartAsync(inbox);
        }
        finally
        {
            _restart.Release();
        }
    }

    private async Task StartAsync(bool inbox)
    {
        var started = await ReceiverProcess.StartAsync(
            "--File", File,
            "--Inbox", inbox.ToString(),
            "--HandlerTimeout", "5",
            "--Webhooks:Receiver:Sources:partner:Provider", "standard-webhooks",
            "--Webhooks:Receiver:Sources:partner:Secrets", _secret.Reveal());
        _receiver = started;
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private sealed class Stop(KilledReceiverTests tests) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => tests._receiver!.DisposeAsync();
    }
}

using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using WebhookKit.Chaos.Database;

namespace WebhookKit.Chaos.Duplicates;

/// <summary>Sends mixed duplicates, each until it is answered 2xx, to a receiver that is killed again and again.</summary>
internal sealed class DuplicatesRun(DuplicatesOptions options, string folder, TimeProvider timeProvider, TextWriter log)
{
    private static readonly TimeSpan Standstill = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    // A receiver that is starting needs the processor more than those who knock.
    private static readonly TimeSpan RepeatPause = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<PlannedRequest> _plan = RequestPlan.Make(options.Requests, options.Seed);
    private readonly Dictionary<string, int> _kills = options.Points.ToDictionary(NameOf, _ => 0);
    private readonly string _secret = WebhookSecret.Generate().Reveal();
    private ReceivingProcess _receiver = null!;
    private int _started;
    private int _next = -1;
    private int _acknowledged;
    private int _repeats;

    public async Task<DuplicatesVerdict> RunAsync()
    {
        await using var server = options.Store == DuplicatesStore.Postgres ? await PostgresServer.StartAsync() : null;
        var connectionString = server is null
            ? new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "effects.db") }.ConnectionString
            : new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = $"chaos_{Environment.ProcessId}_{Environment.TickCount64}" }.ConnectionString;
        await using var db = EffectsDb.Open(options.Store, connectionString);
        await db.Database.EnsureCreatedAsync();
        try
        {
            return await RunAsync(db, new ReceivingSettings(options.Store, connectionString, _secret, options.IsInbox, options.AreClaimsDisabled));
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
            await db.Database.EnsureDeletedAsync();
        }
    }

    private async Task<DuplicatesVerdict> RunAsync(EffectsDb db, ReceivingSettings settings)
    {
        var begun = timeProvider.GetTimestamp();
        await StartAsync(settings);
        try
        {
            using var stop = new CancellationTokenSource();
            var senders = Enumerable.Range(0, options.Senders).Select(_ => Task.Run(() => SendAsync(stop.Token))).ToArray();
            try
            {
                await KillAsync(settings);
                await Task.WhenAll(senders);
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }

            await DrainAsync(db);
        }
        finally
        {
            await _receiver.DisposeAsync();
        }

        var effects = await db.Effects.AsNoTracking().Select(effect => new PlannedRequest(effect.Source, effect.Number)).ToListAsync();
        return new DuplicatesVerdict
        {
            Store = options.Store.ToString().ToLowerInvariant(),
            HandOver = options.IsInbox ? "inbox" : "inline",
            Requests = _plan.Count,
            Repeats = _repeats,
            Kills = _kills.Values.Sum(),
            KillsPerPoint = _kills,
            ClaimKeys = 0,
            Effects = 0,
            Lost = 0,
            Doubled = 0,
            Phantom = 0,
            Seconds = Math.Round(timeProvider.GetElapsedTime(begun).TotalSeconds, 1),
            Seed = options.Seed,
        }.Judge(_plan, effects);
    }

    private static string NameOf(KillPoint point) => point.ToString().ToLowerInvariant();

    private async Task StartAsync(ReceivingSettings settings) =>
        Volatile.Write(ref _receiver, await ReceivingProcess.StartAsync(settings, Path.Combine(folder, $"receiver-{++_started}.log")));

    /// <summary>Spreads the kills over the requests, each point in turn.</summary>
    private async Task KillAsync(ReceivingSettings settings)
    {
        var random = new Random(options.Seed);
        var kills = options.Kills ?? options.Points.Count;
        for (var kill = 0; kill < kills; kill++)
        {
            var point = options.Points[kill % options.Points.Count];
            await WaitForAcknowledgedAsync((kill + 1) * options.Requests / (kills + 1));
            if (point == KillPoint.Random)
            {
                await _receiver.KillAsync();
            }
            else
            {
                await _receiver.ArmAsync(point, passings: 1 + random.Next(5));
                if (!await _receiver.HasEndedAsync(Standstill))
                {
                    throw new InvalidOperationException($"The point '{NameOf(point)}' was not passed within {Standstill}.");
                }
            }

            _kills[NameOf(point)]++;
            log.WriteLine($"{timeProvider.GetUtcNow():HH:mm:ss} kill {kill + 1} of {kills}, {NameOf(point)}, after {_acknowledged} requests");
            await _receiver.DisposeAsync();
            await StartAsync(settings);
        }
    }

    private async Task WaitForAcknowledgedAsync(int requests)
    {
        var (seen, since) = (0, timeProvider.GetTimestamp());
        while (Volatile.Read(ref _acknowledged) is var acknowledged && acknowledged < requests)
        {
            since = acknowledged == seen ? since : timeProvider.GetTimestamp();
            seen = acknowledged;
            if (timeProvider.GetElapsedTime(since) > Standstill)
            {
                throw new InvalidOperationException($"No request was acknowledged for {Standstill}, after {acknowledged} of {requests}.");
            }

            await Task.Delay(Glance, timeProvider);
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        using var signer = new RequestSigner(_secret);
        while (Interlocked.Increment(ref _next) is var number && number < _plan.Count)
        {
            while (!await IsAcknowledgedAsync(client, signer, _plan[number], cancellationToken))
            {
                Interlocked.Increment(ref _repeats);
                await Task.Delay(RepeatPause, timeProvider, cancellationToken);
            }

            Interlocked.Increment(ref _acknowledged);
        }
    }

    private async Task<bool> IsAcknowledgedAsync(
        HttpClient client, RequestSigner signer, PlannedRequest planned, CancellationToken cancellationToken)
    {
        using var request = await signer.SignAsync(Volatile.Read(ref _receiver).Url, planned, cancellationToken);
        try
        {
            using var answer = await client.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode || answer.StatusCode >= HttpStatusCode.InternalServerError
                ? answer.IsSuccessStatusCode
                : throw new InvalidOperationException($"A request to '{planned.Source}' was answered {answer.StatusCode}.");
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Killed, and the next one listens elsewhere; or so slow that a sender gives up.
            return false;
        }
    }

    // It may take as long as the machine needs while it gets on; what is left over after that counts as lost.
    private async Task DrainAsync(EffectsDb db)
    {
        var (left, since) = (await db.CountPendingAsync(), timeProvider.GetTimestamp());
        while (left > 0 && timeProvider.GetElapsedTime(since) < Standstill)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), timeProvider);
            var before = left;
            left = await db.CountPendingAsync();
            since = left == before ? since : timeProvider.GetTimestamp();
        }
    }
}

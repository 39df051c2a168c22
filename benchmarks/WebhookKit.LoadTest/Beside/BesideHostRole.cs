using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using WebhookKit.Identifiers;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Processes;
using WebhookKit.LoadTest.Reporting;
using WebhookKit.LoadTest.Senders;
using WebhookKit.Publishing;

namespace WebhookKit.LoadTest.Beside;

/// <param name="PerSecond">How many saves begin each second, however long the earlier ones take.</param>
/// <param name="Seconds">For how long.</param>
internal sealed record SavePace(int PerSecond, int Seconds);

/// <summary>What saves at a steady pace came to, in milliseconds from their call to their return.</summary>
/// <param name="Saves">How many succeeded.</param>
/// <param name="Errors">What the others failed with, each text once.</param>
internal sealed record SaveTimes(int Saves, double P50Ms, double P99Ms, double MaxMs, IReadOnlyList<string> Errors);

/// <summary>An application with a dispatcher in it that saves orders of its own at a steady pace.</summary>
internal sealed class BesideHostRole : Role
{
    public const string Name = "beside-host";

    private readonly IdGenerator _ids = new(TimeProvider.System);
    private readonly IHost _host;

    private BesideHostRole(SenderSettings settings) => _host = SenderHost.Build(settings);

    public static Task<Role> CreateAsync(JsonElement settings) =>
        Task.FromResult<Role>(new BesideHostRole(settings.Deserialize<SenderSettings>(Json.Options)!));

    public override async Task<object?> AnswerAsync(string question, JsonElement argument, CancellationToken cancellationToken)
    {
        switch (question)
        {
            case "start":
                await _host.StartAsync(cancellationToken);
                return null;
            case "wake":
                _host.Services.GetRequiredService<DispatchSignal>().Wake();
                return null;
            case "save":
                return await SaveAsync(argument.Deserialize<SavePace>(Json.Options)!, cancellationToken);
            default:
                throw Unknown(question);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private async Task<SaveTimes> SaveAsync(SavePace pace, CancellationToken cancellationToken)
    {
        var times = new ConcurrentBag<double>();
        var errors = new ConcurrentDictionary<string, bool>();
        var saves = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        for (var number = 0; number < pace.PerSecond * pace.Seconds; number++)
        {
            var wait = TimeSpan.FromSeconds(number / (double)pace.PerSecond) - Stopwatch.GetElapsedTime(started);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }

            saves.Add(Task.Run(SaveOneAsync, cancellationToken));
        }

        await Task.WhenAll(saves);
        var sorted = times.Order().ToArray();
        return new SaveTimes(sorted.Length, Percentile.Of(sorted, 0.5), Percentile.Of(sorted, 0.99), Percentile.Of(sorted, 1), [.. errors.Keys]);

        async Task SaveOneAsync()
        {
            await using var scope = _host.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<LoadDb>();
            db.Orders.Add(new Order { Id = _ids.NewMessageId().Value, Customer = "customer", Total = 1 });
            var called = Stopwatch.GetTimestamp();
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                times.Add(Stopwatch.GetElapsedTime(called).TotalMilliseconds);
            }
            catch (Exception exception)
            {
                errors.TryAdd(exception.GetBaseException().Message, true);
            }
        }
    }
}

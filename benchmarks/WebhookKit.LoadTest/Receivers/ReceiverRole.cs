using System.Net;
using System.Text.Json;
using WebhookKit.LoadTest.Processes;

namespace WebhookKit.LoadTest.Receivers;

/// <param name="LatencyMilliseconds">How long each request waits for its answer; -1 is for ever.</param>
internal sealed record ReceiverSettings(int LatencyMilliseconds)
{
    public const int Forever = Timeout.Infinite;
}

/// <param name="Url">Where the receiver listens.</param>
internal sealed record ReceiverAddress(string Url);

/// <param name="Distinct">How many distinct messages have arrived.</param>
/// <param name="Requests">How many requests have arrived.</param>
/// <param name="CpuSeconds">The processor time of the receiver so far.</param>
internal sealed record ReceiverCount(int Distinct, int Requests, double CpuSeconds);

/// <param name="Messages">How many distinct messages are waited for, since the last reset.</param>
/// <param name="QuietSeconds">Gives up when nothing new arrives for so long.</param>
internal sealed record ReceiverGoal(int Messages, double QuietSeconds);

/// <summary>A bare Kestrel that reads every request and counts the distinct messages.</summary>
internal sealed class ReceiverRole : Role
{
    public const string Name = "receiver";

    private readonly WebApplication _app;
    private readonly Arrivals _arrivals;

    private ReceiverRole(WebApplication app, Arrivals arrivals)
    {
        _app = app;
        _arrivals = arrivals;
    }

    public static async Task<Role> CreateAsync(JsonElement settings)
    {
        var latency = settings.Deserialize<ReceiverSettings>(Json.Options)!.LatencyMilliseconds;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var arrivals = new Arrivals();
        app.Run(async context =>
        {
            while (await context.Request.BodyReader.ReadAsync(context.RequestAborted) is { } read)
            {
                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            arrivals.Add(context.Request.Headers["webhook-id"].ToString());
            if (latency != 0)
            {
                await Task.Delay(latency, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });
        await app.StartAsync();
        return new ReceiverRole(app, arrivals);
    }

    public override async Task<object?> AnswerAsync(string question, JsonElement argument, CancellationToken cancellationToken)
    {
        switch (question)
        {
            case "address":
                return new ReceiverAddress(_app.Urls.Single());
            case "reset":
                _arrivals.Reset();
                return null;
            case "wait":
                var goal = argument.Deserialize<ReceiverGoal>(Json.Options)!;
                await _arrivals.WaitAsync(goal.Messages, TimeSpan.FromSeconds(goal.QuietSeconds), cancellationToken);
                return Count();
            case "count":
                return Count();
            case "save":
                ArrivalFile.Write(argument.GetString()!, _arrivals.Snapshot());
                return null;
            default:
                throw Unknown(question);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private ReceiverCount Count() => new(_arrivals.Distinct, _arrivals.Requests, Environment.CpuUsage.TotalTime.TotalSeconds);
}

using System.Diagnostics;
using System.Text.Json;
using WebhookKit.LoadTest.Databases;
using WebhookKit.LoadTest.Processes;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Publish;

/// <param name="Store">The database that both ways save to.</param>
/// <param name="NoteBytes">The length of the event's note, most of the payload.</param>
/// <param name="Writers">How many save at once.</param>
internal sealed record PublisherSettings(StoreSettings Store, int NoteBytes, int Writers);

/// <param name="Seconds">How long the saves took.</param>
/// <param name="CpuSeconds">Processor time of this process meanwhile; that of the database is not in it.</param>
/// <param name="AllocatedBytes">Managed allocations meanwhile.</param>
internal sealed record SaveResult(double Seconds, double CpuSeconds, long AllocatedBytes);

/// <summary>Saves orders in a process of its own, with and without a webhook.</summary>
internal sealed class PublisherRole : Role
{
    public const string Name = "publisher";

    public const string Webhook = "webhook";

    public const string Plain = "plain";

    private readonly IHost _host;
    private readonly Dictionary<string, ISave> _saves;
    private readonly int _writers;

    private PublisherRole(PublisherSettings settings)
    {
        var note = new string('n', settings.NoteBytes);
        _writers = settings.Writers;
        _host = SenderHost.Build(
            new SenderSettings(settings.Store, new MessageShape(1, 0), [], 1, IsDispatching: false),
            sender => sender.Services.AddDbContext<PlainDb>(settings.Store.Use));
        var scopes = _host.Services.GetRequiredService<IServiceScopeFactory>();
        _saves = new() { [Webhook] = new WebhookSave(scopes, note), [Plain] = new PlainSave(scopes, note) };
    }

    public static async Task<Role> CreateAsync(JsonElement settings)
    {
        var role = new PublisherRole(settings.Deserialize<PublisherSettings>(Json.Options)!);
        await role._host.StartAsync();
        return role;
    }

    public override async Task<object?> AnswerAsync(string question, JsonElement argument, CancellationToken cancellationToken)
    {
        if (!_saves.TryGetValue(question, out var save))
        {
            throw Unknown(question);
        }

        var orders = argument.Deserialize<MessageCount>(Json.Options)!.Messages;
        var meter = ProcessMeter.Start();
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, orders),
            new ParallelOptions { MaxDegreeOfParallelism = _writers, CancellationToken = cancellationToken },
            async (number, token) => await save.SaveAsync(number, token));
        return new SaveResult(Stopwatch.GetElapsedTime(started).TotalSeconds, meter.CpuSeconds, meter.AllocatedBytes);
    }

    public override async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

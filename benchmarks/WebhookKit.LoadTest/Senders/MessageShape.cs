using System.Text;

namespace WebhookKit.LoadTest.Senders;

/// <summary>What the messages of a measurement look like, and whom they are for.</summary>
/// <param name="Endpoints">
/// How many endpoints there are. Each belongs to a tenant of its own and takes everything; message number i belongs to
/// the tenant i modulo <paramref name="Endpoints"/>, so that each message makes exactly one delivery.
/// </param>
/// <param name="PayloadBytes">The length of a payload.</param>
internal sealed record MessageShape(int Endpoints, int PayloadBytes)
{
    public const string EventType = "load.drained";

    /// <summary>The number of the first message: turns that go on where the last one ended reach every endpoint.</summary>
    public int FirstMessage { get; init; }

    public static string TenantOf(int endpoint) => $"tenant-{endpoint}";

    public static string NameOf(int endpoint) => $"endpoint-{endpoint}";

    public static EndpointId IdOf(int endpoint) => EndpointId.Declared(TenantOf(endpoint), NameOf(endpoint));

    public string TenantOfMessage(int number) => TenantOf((FirstMessage + number) % Endpoints);

    /// <summary>A JSON payload of exactly the asked length, which a database can hardly compress.</summary>
    public byte[] CreatePayload()
    {
        const string Start = """{"type":"load.drained","timestamp":"2026-01-01T00:00:00.000Z","data":{"note":" """;
        const string End = "\"}}";
        var filler = PayloadBytes - Start.Length - End.Length;
        if (filler < 0)
        {
            throw new LoadTestException($"A payload of {PayloadBytes} bytes is too small: give at least {Start.Length + End.Length}.");
        }

        var random = new byte[filler];
        new Random(1).NextBytes(random);
        return Encoding.UTF8.GetBytes(Start + Convert.ToBase64String(random)[..filler] + End);
    }

    public override string ToString() => $"{Endpoints} endpoints, {PayloadBytes} B";
}

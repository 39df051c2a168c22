using WebhookKit.Chaos.History;

namespace WebhookKit.Chaos.Receiving;

/// <summary>How one request is answered.</summary>
internal readonly record struct Answer(int StatusCode, TimeSpan After);

/// <summary>Chooses answers by seed, message, endpoint and how often it was asked, so that they do not hang on the order of events.</summary>
internal sealed class AnswerScript(int seed, TimeSpan latency)
{
    // Few, because a sender goes easy on an endpoint that fails, and many attempts are to be in flight.
    private const int FailedInHundred = 1;
    private const int RefusedInHundred = 3;
    private const int HopelessInThousand = 4;

    // Order is kept one by one: a slow receiver would let the ordered endpoint fall behind for good.
    private static readonly TimeSpan OrderedLatency = TimeSpan.FromMilliseconds(20);

    public Answer Answer(Guid messageId, ChaosEndpoint endpoint, int time)
    {
        var always = new Random(Mix(messageId, endpoint.Id, 0));
        var once = new Random(Mix(messageId, endpoint.Id, time));
        var after = (endpoint.IsOrdered ? OrderedLatency : latency) * (0.5 + once.NextDouble());
        var status = once.Next(100) switch
        {
            < FailedInHundred => 500,
            < FailedInHundred + RefusedInHundred => 400,
            _ => always.Next(1_000) < HopelessInThousand ? 400 : 200,
        };
        return new Answer(status, after);
    }

    // HashCode differs from process to process.
    private int Mix(Guid messageId, Guid endpointId, int time)
    {
        var hash = (uint)seed;
        foreach (var part in (ReadOnlySpan<byte>)[.. messageId.ToByteArray(), .. endpointId.ToByteArray(), (byte)time])
        {
            hash = (hash ^ part) * 16_777_619;
        }

        return (int)hash;
    }
}

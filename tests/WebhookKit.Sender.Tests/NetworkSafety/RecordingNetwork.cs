using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Sender.Tests.NetworkSafety;

/// <summary>A name server that answers as it is told, and a network that records each connect and lets none through.</summary>
internal sealed class RecordingNetwork : IHostResolver, IAddressConnector
{
    private int _asked;

    /// <summary>What the n-th question, counted from 0, is answered.</summary>
    public Func<int, string[]> Answer { get; set; } = _ => [];

    public ConcurrentQueue<IPEndPoint> Connects { get; } = [];

    public int Asked => _asked;

    public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<IPAddress>>(
            Answer(Interlocked.Increment(ref _asked) - 1).Select(IPAddress.Parse).ToArray());

    public ValueTask<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        Connects.Enqueue(address);
        throw new SocketException((int)SocketError.ConnectionRefused);
    }

    public void Reset()
    {
        Connects.Clear();
        _asked = 0;
    }
}

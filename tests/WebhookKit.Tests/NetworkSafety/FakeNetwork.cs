using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Tests.NetworkSafety;

/// <summary>A name server and a network of its own, which records every connection attempted.</summary>
internal sealed class FakeNetwork : IHostResolver, IAddressConnector
{
    private readonly ConcurrentDictionary<string, Queue<IReadOnlyList<IPAddress>>> _answers = new(StringComparer.Ordinal);

    public ConcurrentQueue<IPEndPoint> Attempted { get; } = [];

    public ConcurrentQueue<string> Asked { get; } = [];

    public HashSet<string> Unreachable { get; } = [];

    public HashSet<string> Silent { get; } = [];

    public HashSet<string> SilentNames { get; } = [];

    public string Response { get; set; } = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    /// <summary>Gives a name its next answer; the last one repeats.</summary>
    public FakeNetwork Answer(string host, params string[] addresses)
    {
        _answers.GetOrAdd(host, _ => []).Enqueue([.. addresses.Select(IPAddress.Parse)]);
        return this;
    }

    public GuardedHttpOptions Options => new() { Resolver = this, Connector = this, ConnectTimeout = ConnectTimeout };

    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Asked.Enqueue(host);
        if (SilentNames.Contains(host))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        if (!_answers.TryGetValue(host, out var answers))
        {
            throw new SocketException((int)SocketError.TryAgain);
        }

        return answers.Count > 1 ? answers.Dequeue() : answers.Peek();
    }

    public async ValueTask<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        Attempted.Enqueue(address);
        if (Silent.Contains(address.Address.ToString()))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return Unreachable.Contains(address.Address.ToString())
            ? throw new SocketException((int)SocketError.ConnectionRefused)
            : new CannedStream(Encoding.ASCII.GetBytes(Response));
    }

    /// <summary>Swallows the request and answers with fixed bytes.</summary>
    private sealed class CannedStream(byte[] response) : MemoryStream(response)
    {
        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.CompletedTask;
    }
}

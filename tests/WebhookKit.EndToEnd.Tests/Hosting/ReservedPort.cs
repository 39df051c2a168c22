using System.Net;
using System.Net.Sockets;

namespace WebhookKit.EndToEnd.Tests.Hosting;

/// <summary>A loopback port that refuses connections and that nobody gets by chance; who asks for it by its number may listen.</summary>
internal sealed class ReservedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ReservedPort()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Url = $"http://{_socket.LocalEndPoint}";
    }

    public string Url { get; }

    public void Dispose() => _socket.Dispose();
}

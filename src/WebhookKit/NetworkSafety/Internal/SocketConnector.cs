using System.Net;
using System.Net.Sockets;

namespace WebhookKit.NetworkSafety.Internal;

/// <summary>Connects by TCP.</summary>
internal sealed class SocketConnector : IAddressConnector
{
    public async ValueTask<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

using System.Net;

namespace WebhookKit.NetworkSafety;

/// <summary>Opens a connection to an address that the guard has let through.</summary>
public interface IAddressConnector
{
    /// <summary>Connects, and returns the stream that owns the connection.</summary>
    ValueTask<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken);
}

using System.Net;
using WebhookKit.NetworkSafety.Internal;

namespace WebhookKit.NetworkSafety;

/// <summary>Makes the HTTP handler for URLs that others chose: nothing leaves for an address the policy forbids.</summary>
/// <remarks>
/// Send with HTTP version 1.1 or 2: the guard does not see the connections of HTTP/3. A handler keeps its policy, and
/// its connections for <see cref="GuardedHttpOptions.PooledConnectionLifetime"/>: make a new one when the policy changes.
/// </remarks>
public static class GuardedHttpHandler
{
    private const int MaxResponseHeadersKilobytes = 32;
    private const int MaxDrainBytes = 16 * 1024;

    /// <summary>Makes a handler that follows no redirect, uses no proxy and keeps no cookies.</summary>
    /// <param name="policy">What may be called.</param>
    /// <param name="options">How connections are made and kept; the defaults when omitted.</param>
    public static SocketsHttpHandler Create(NetworkPolicy policy, GuardedHttpOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        options ??= new GuardedHttpOptions();
        var connection = new GuardedConnection(
            policy,
            options.Resolver ?? new SystemHostResolver(),
            options.Connector ?? new SocketConnector(),
            options.ConnectTimeout);

        return new SocketsHttpHandler
        {
            ConnectCallback = (context, cancellationToken) => connection.OpenAsync(context.DnsEndPoint, cancellationToken),

            // With a proxy, the callback would see the proxy's address and never the target's.
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,

            // The default sends trace context and baggage to third parties.
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = options.PooledConnectionLifetime,
            EnableMultipleHttp2Connections = true,
            MaxResponseHeadersLength = MaxResponseHeadersKilobytes,
            MaxResponseDrainSize = MaxDrainBytes,
            ResponseDrainTimeout = TimeSpan.FromMilliseconds(500),
        };
    }
}

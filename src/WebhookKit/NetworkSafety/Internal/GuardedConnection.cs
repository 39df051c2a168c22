using System.Net;
using System.Net.Sockets;

namespace WebhookKit.NetworkSafety.Internal;

/// <summary>Opens connections to classified addresses only. This, not the URL's validation, is the security boundary.</summary>
internal sealed class GuardedConnection(
    NetworkPolicy policy, IHostResolver resolver, IAddressConnector connector, TimeSpan connectTimeout)
{
    /// <summary>What may be called from now on.</summary>
    public NetworkPolicy Policy { get; set; } = policy;

    public async ValueTask<Stream> OpenAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(target.Host, cancellationToken).ConfigureAwait(false);
        var policy = Policy;

        // One forbidden answer refuses all of them: mixed answers are what DNS rebinding looks like.
        foreach (var address in addresses)
        {
            if (!policy.Permits(address, target.Port, out var addressClass))
            {
                throw new ForbiddenAddressException(target.Host, addressClass);
            }
        }

        return await ConnectAsync(addresses, target.Port, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (host.Contains('%', StringComparison.Ordinal))
        {
            throw new ForbiddenAddressException(host, AddressClass.Unclassified);
        }

        // IPv6 literals come in brackets, which TryParse takes.
        if (IPAddress.TryParse(host, out var address))
        {
            return [address];
        }

        try
        {
            return await resolver.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw CutOff(SocketError.TryAgain);
        }
    }

    private async ValueTask<Stream> ConnectAsync(
        IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        SocketException failure = new((int)SocketError.HostNotFound);
        for (var i = 0; i < addresses.Count; i++)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (i < addresses.Count - 1 && connectTimeout > TimeSpan.Zero)
            {
                // An address that never answers has to leave time for the next one.
                patience.CancelAfter(connectTimeout / addresses.Count);
            }

            var address = addresses[i].IsIPv4MappedToIPv6 ? addresses[i].MapToIPv4() : addresses[i];
            try
            {
                return await connector.ConnectAsync(new IPEndPoint(address, port), patience.Token).ConfigureAwait(false);
            }
            catch (SocketException exception)
            {
                failure = exception;
            }
            catch (OperationCanceledException)
            {
                failure = CutOff(SocketError.TimedOut);
                if (cancellationToken.IsCancellationRequested)
                {
                    break;
                }
            }
        }

        throw failure;
    }

    // SocketsHttpHandler wraps it in a cancellation where its token is canceled, and so tells this stage from the TLS handshake.
    private static SocketException CutOff(SocketError stage) => new((int)stage);
}

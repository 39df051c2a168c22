using System.Net;
using System.Net.Sockets;

namespace WebhookKit.NetworkSafety.Internal;

/// <summary>Opens connections to classified addresses only. This, not the URL's validation, is the security boundary.</summary>
internal sealed class GuardedConnection(
    NetworkPolicy policy, IHostResolver resolver, IAddressConnector connector, TimeSpan connectTimeout)
{
    public async ValueTask<Stream> OpenAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(target.Host, cancellationToken).ConfigureAwait(false);

        // One forbidden answer refuses all of them: mixed answers are what DNS rebinding looks like.
        foreach (var address in addresses)
        {
            var addressClass = AddressClassifier.Classify(address);
            if (!policy.Permits(addressClass, target.Port))
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
        return IPAddress.TryParse(host, out var address)
            ? [address]
            : await resolver.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
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
                // SocketsHttpHandler knows a cancellation as its connect timeout only by its own token.
                cancellationToken.ThrowIfCancellationRequested();
                failure = new SocketException((int)SocketError.TimedOut);
            }
        }

        throw failure;
    }
}

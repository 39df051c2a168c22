using System.Net;
using System.Net.Sockets;

namespace WebhookKit.NetworkSafety.Internal;

/// <summary>Opens connections to classified addresses only. This, not the URL's validation, is the security boundary.</summary>
internal sealed class GuardedConnection(NetworkPolicy policy, IHostResolver resolver, IAddressConnector connector)
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
        // SocketsHttpHandler hands over IPv6 literals in brackets.
        var literal = host is ['[', .. var inner, ']'] ? inner : host;
        if (literal.Contains('%', StringComparison.Ordinal))
        {
            throw new ForbiddenAddressException(host, AddressClass.Unclassified);
        }

        return IPAddress.TryParse(literal, out var address)
            ? [address]
            : await resolver.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Stream> ConnectAsync(
        IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        SocketException failure = new((int)SocketError.HostNotFound);
        foreach (var address in addresses)
        {
            var unmapped = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            try
            {
                return await connector.ConnectAsync(new IPEndPoint(unmapped, port), cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException exception)
            {
                failure = exception;
            }
        }

        throw failure;
    }
}
